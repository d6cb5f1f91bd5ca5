import CurlBinding

/// Asks PostgreSQL for TLS (frontend/backend protocol, SSLRequest).
struct PostgreSQLPreamble: Conversation {
    mutating func begin() -> ConversationStep { .say([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F]) }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        switch bytes.first {
        case UInt8(ascii: "S"): .end
        case UInt8(ascii: "N"): .giveUp("the server does not offer TLS (ssl is off)")
        default: .giveUp("it does not speak PostgreSQL's protocol")
        }
    }
}

/// Begins a session and goes on until the server is ready for a query, asks for a password, or ends the session: only by
/// then has it looked at `pg_hba.conf`, with `clientcert` at the certificate, and at the role. No password is ever sent.
struct PostgreSQLLogin: Conversation {
    let user: String
    let database: String
    private var pending: [UInt8] = []

    init(user: String, database: String) {
        self.user = user
        self.database = database
    }

    mutating func begin() -> ConversationStep {
        let parameters = [("user", user), ("database", database), ("application_name", "notafter")]
        // Protocol 3.0
        var body: [UInt8] = [0, 3, 0, 0]
        for (name, value) in parameters {
            body += Array(name.utf8) + [0] + Array(value.utf8) + [0]
        }
        body.append(0)
        return .say(UInt32(body.count + 4).bigEndianBytes + body)
    }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        // Terminate, so that the server's log has no broken connection.
        return PostgreSQLAnswer(pending).isComplete ? .endSaying([UInt8(ascii: "X"), 0, 0, 0, 4]) : .wait
    }
}

/// What a PostgreSQL server says to the startup message, as far as it has come.
struct PostgreSQLAnswer {
    private struct Message {
        let type: Character
        let body: ArraySlice<UInt8>

        /// A field of an ErrorResponse: `C` is the SQLSTATE, `M` the message.
        func field(_ code: Character) -> String? {
            let field = body.split(separator: 0).first { $0.first == code.asciiValue }
            return field.map { String(decoding: $0.dropFirst(), as: UTF8.self) }
        }
    }

    private var messages: [Message] = []
    private var isForeign = false

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let type = rest.first {
            let known = "RESNKZv".utf8.contains(type)
            guard known || !messages.isEmpty else {
                isForeign = true
                return
            }
            guard rest.count >= 5 else { return }
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard length >= 4, length <= 65_536 else {
                isForeign = true
                return
            }
            guard rest.count > length else { return }
            messages.append(Message(type: Character(Unicode.Scalar(type)), body: rest.dropFirst(5).prefix(length - 4)))
            rest = rest.dropFirst(length + 1)
        }
    }

    private var error: Message? { messages.first { $0.type == "E" } }
    private var authentications: [Message] { messages.filter { $0.type == "R" } }
    /// Whether the server wants something more of the user than a certificate: any authentication but AuthenticationOk (0).
    private var asksForMore: Bool { authentications.contains { $0.body.contains { $0 != 0 } } }
    private var isReady: Bool { messages.contains { $0.type == "Z" } }

    /// Whether nothing more is to be learnt.
    var isComplete: Bool { isForeign || error != nil || isReady || asksForMore }

    /// Whatever kind of authentication it asks for, the certificate was enough to come so far.
    func judgement(by classification: ProbeClassification) -> (outcome: ProbeOutcome, unmet: [String]) {
        guard !isForeign, !messages.isEmpty else {
            return (.protocolMismatch, ["it does not speak PostgreSQL's protocol"])
        }
        guard let error else {
            return isReady || asksForMore
                ? (.accepted, []) : (.connectionLost, ["the server ended the session before it was ready"])
        }
        // Without its certificate a client got as far as a password, or to what comes after the authentication.
        if classification.question.isRefusal, !authentications.isEmpty { return (.accepted, []) }
        let message = error.field("M") ?? ""
        let words = ["PostgreSQL says: \(message)"]
        switch error.field("C") {
        case "28000" where message.contains("valid client certificate"): return (.refusedNoCertificate, words)
        case "28000" where message.contains("does not exist"):
            return (.unmetExpectation, words + ["create the role, or name another user in the URL"])
        case "28000" where message.contains("authentication failed for user"): return (.refusedPolicy, words)
        case "28000", "28P01": return (.refusedByDatabase, words)
        // The database does not exist: that is found out after the client was let in.
        case "3D000": return (.accepted, [])
        default: return (.unmetExpectation, words)
        }
    }
}

extension FixedWidthInteger {
    /// Most significant byte first.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
    /// Least significant byte first.
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
