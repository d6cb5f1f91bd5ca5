import CurlBinding

/// Requests TLS in LDAP with an ExtendedRequest (RFC 4511 4.14) and reads the response.
struct LDAPPreamble: Conversation {
    /// `1.3.6.1.4.1.1466.20037`
    private static let request: [UInt8] =
        [0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16] + Array("1.3.6.1.4.1.1466.20037".utf8)

    private var pending: [UInt8] = []

    mutating func begin() -> ConversationStep { .say(Self.request) }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        guard pending[0] == 0x30 else { return .giveUp("it does not speak LDAP") }
        guard pending.count >= 2, let whole = Self.length(of: pending) else { return .wait }
        guard pending.count >= whole else { return whole > 16_384 ? .giveUp("it does not speak LDAP") : .wait }
        // messageID 1, [APPLICATION 24], resultCode ENUMERATED
        guard let code = pending.firstRange(of: [0x0A, 0x01])?.upperBound, code < pending.count else {
            return .giveUp("it answers StartTLS with something else")
        }
        return pending[code] == 0 ? .end : .giveUp("it refuses StartTLS with result code \(pending[code])")
    }

    /// The length of the whole message including its tag. nil while the length octets are incomplete (X.690 8.1.3).
    private static func length(of message: [UInt8]) -> Int? {
        let first = Int(message[1])
        guard first >= 0x80 else { return 2 + first }
        let octets = first & 0x7F
        guard octets <= 4 else { return .max }
        guard message.count >= 2 + octets else { return nil }
        return 2 + octets + message[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) }
    }
}
