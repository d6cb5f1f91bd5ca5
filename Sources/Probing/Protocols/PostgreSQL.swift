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

/// Begins a session and goes as far as the server's first word: only then has it looked at `pg_hba.conf`, and with
/// `clientcert` at the certificate. No password is ever sent.
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

/// The first message of a PostgreSQL server.
struct PostgreSQLAnswer {
    private let type: UInt8?
    private let body: ArraySlice<UInt8>
    let isComplete: Bool

    init(_ bytes: [UInt8]) {
        type = bytes.first
        guard bytes.count >= 5 else {
            (body, isComplete) = ([], false)
            return
        }
        let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
        isComplete = length < 4 || bytes.count >= length + 1
        body = bytes[5..<max(5, min(bytes.count, length + 1))]
    }

    /// A field of an ErrorResponse: `C` is the SQLSTATE, `M` the message.
    private func field(_ code: Character) -> String? {
        let field = body.split(separator: 0).first { $0.first == code.asciiValue }
        return field.map { String(decoding: $0.dropFirst(), as: UTF8.self) }
    }

    /// Whatever kind of authentication it asks for, the certificate was enough to come so far.
    func judgement(by classification: ProbeClassification) -> (outcome: ProbeOutcome, unmet: [String]) {
        switch type {
        case UInt8(ascii: "R"): return (.accepted, [])
        case UInt8(ascii: "E"): break
        default: return (.protocolMismatch, ["it does not speak PostgreSQL's protocol"])
        }
        let message = field("M") ?? ""
        let words = ["PostgreSQL says: \(message)"]
        switch field("C") {
        case "28000" where message.contains("valid client certificate"): return (.refusedNoCertificate, words)
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
