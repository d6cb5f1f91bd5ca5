import Certificates
import CurlBinding

/// Requests TLS from PostgreSQL (frontend/backend protocol, SSLRequest).
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

/// Starts a session and continues until the server is ready for a query, requests a password, or ends the session. Only
/// then has it evaluated `pg_hba.conf`, the certificate (with `clientcert`) and the role. No password is ever sent.
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
        // Terminate properly, so that the server does not log a broken connection.
        return PostgreSQLAnswer(pending).isComplete ? .endSaying([UInt8(ascii: "X"), 0, 0, 0, 4]) : .wait
    }
}

/// The response of a PostgreSQL server to the startup message, as received so far.
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
    /// Whether the server requires more than a certificate: any authentication other than AuthenticationOk (0).
    private var asksForMore: Bool { authentications.contains { $0.body.contains { $0 != 0 } } }
    private var isReady: Bool { messages.contains { $0.type == "Z" } }

    /// Whether the response is conclusive.
    var isComplete: Bool { isForeign || error != nil || isReady || asksForMore }

    /// The outcome. Whatever authentication the server requests, it has accepted the certificate by then.
    func conclusion(by classification: ProbeClassification) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        guard !isForeign, !messages.isEmpty else {
            return (.protocolMismatch, [.otherProtocol(expected: "PostgreSQL")])
        }
        guard let error else {
            return isReady || asksForMore
                ? (.accepted, []) : (.connectionLost, [.sessionEnded])
        }
        // A client that must be refused got as far as a password, or past the authentication.
        if classification.question.isRefusal, !authentications.isEmpty { return (.accepted, []) }
        let message = error.field("M") ?? ""
        let words = [UnmetExpectation.answered(service: "PostgreSQL", message: String(message.prefix(200)))]
        switch error.field("C") {
        case "28000" where message.contains("valid client certificate"): return (.refusedNoCertificate, words)
        case "28000" where message.contains("does not exist"):
            return (.unmetExpectation, words + [.roleMissing])
        case "28000" where message.contains("authentication failed for user"): return (.refusedPolicy, words)
        case "28000", "28P01": return (.refusedByDatabase, words)
        // The database does not exist. The server finds that out after it has accepted the client.
        case "3D000": return (.accepted, [])
        default: return (.unmetExpectation, words)
        }
    }
}

extension FixedWidthInteger {
    /// The most significant byte first.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
    /// The least significant byte first.
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
