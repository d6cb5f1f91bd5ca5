import Certificates
import CurlBinding

/// A packet of MySQL's protocol: three bytes of length, one of sequence, then the payload.
private struct MySQLPacket {
    let sequence: UInt8
    let payload: ArraySlice<UInt8>

    /// The first packet in `bytes`. nil while it is incomplete.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        guard bytes.count >= 4 + length else { return nil }
        sequence = bytes[3]
        payload = bytes[4..<(4 + length)]
    }

    /// The last complete packet in `bytes`.
    static func last(in bytes: [UInt8]) -> MySQLPacket? {
        var rest = bytes
        var last: MySQLPacket?
        while let packet = MySQLPacket(rest) {
            last = packet
            rest.removeFirst(4 + packet.payload.count)
        }
        return last
    }

    static func encoded(_ payload: [UInt8], sequence: UInt8) -> [UInt8] {
        Array(UInt32(payload.count).littleEndianBytes.prefix(3)) + [sequence] + payload
    }

    /// The content of an ERR packet: error code and message.
    var error: (code: Int, message: String)? {
        let bytes = Array(payload)
        guard bytes.count >= 3, bytes[0] == 0xFF else { return nil }
        let text = bytes.dropFirst(3)
        let message = text.first == UInt8(ascii: "#") ? text.dropFirst(6) : text
        return (Int(bytes[1]) | Int(bytes[2]) << 8, String(decoding: message, as: UTF8.self))
    }
}

private enum MySQLCapabilities {
    static let tls: UInt32 = 0x0800
    /// PROTOCOL_41, SSL, SECURE_CONNECTION, PLUGIN_AUTH
    static let client: UInt32 = 0x0200 | tls | 0x8000 | 0x80000

    /// The beginning of a client's first packet, which is also the request for TLS: capabilities, packet limit,
    /// utf8mb4.
    static let request: [UInt8] =
        client.littleEndianBytes + UInt32(1 << 24).littleEndianBytes + [45] + .init(repeating: 0, count: 23)
}

/// Requests TLS from MySQL or MariaDB after its greeting (Protocol::SSLRequest).
struct MySQLPreamble: Conversation {
    private var pending: [UInt8] = []

    mutating func begin() -> ConversationStep { .wait }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        // A greeting is shorter than 64 KiB, is the first packet, and has version 10 or is an error.
        let start = zip(pending.dropFirst(2), [[0], [0], [0x0A, 0xFF]] as [[UInt8]])
        guard start.allSatisfy({ $1.contains($0) }) else { return .giveUp("it does not speak MySQL's protocol") }
        guard let packet = MySQLPacket(pending) else { return .wait }
        if let error = packet.error { return .giveUp("the server says: \(error.message) (\(error.code))") }
        let greeting = Array(packet.payload)
        // Version 10, the server's version, thread, 8 bytes of challenge, a zero, the lower capabilities.
        guard greeting.first == 10, let end = greeting.firstIndex(of: 0), greeting.count >= end + 16 else {
            return .giveUp("it does not speak MySQL's protocol")
        }
        let capabilities = UInt32(greeting[end + 14]) | UInt32(greeting[end + 15]) << 8
        guard capabilities & MySQLCapabilities.tls != 0 else { return .giveUp("the server does not offer TLS") }
        return .endSaying(MySQLPacket.encoded(MySQLCapabilities.request, sequence: 1))
    }
}

/// Logs in as a user without a password. The server accepts the user by the certificate (`REQUIRE X509`) or refuses.
struct MySQLLogin: Conversation {
    let user: String
    private var pending: [UInt8] = []

    init(user: String) {
        self.user = user
    }

    mutating func begin() -> ConversationStep {
        let login = MySQLCapabilities.request + Array(user.utf8) + [0, 0] + Array("mysql_native_password".utf8) + [0]
        return .say(MySQLPacket.encoded(login, sequence: 2))
    }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        guard let packet = MySQLPacket.last(in: pending) else { return .wait }
        switch packet.payload.first {
        case 0xFE:
            // The server requests another method, for which an empty password is also valid. caching_sha2_password
            // encodes it as a zero.
            pending = []
            let plugin = String(decoding: packet.payload.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
            let empty: [UInt8] = plugin == "caching_sha2_password" ? [0] : []
            return .say(MySQLPacket.encoded(empty, sequence: packet.sequence &+ 1))
        // COM_QUIT
        case 0x00: return .endSaying(MySQLPacket.encoded([1], sequence: 0))
        default: return .end
        }
    }
}

/// The outcome of a login at a MySQL server, from the last packet of its response.
struct MySQLAnswer {
    let conclusion: (outcome: ProbeOutcome, unmet: [UnmetExpectation])

    init(_ bytes: [UInt8]) {
        guard let packet = MySQLPacket.last(in: bytes), let first = packet.payload.first else {
            conclusion = (.protocolMismatch, [.otherProtocol(expected: "MySQL")])
            return
        }
        switch (first, packet.error) {
        case (0x00, _): conclusion = (.accepted, [])
        // Access denied, account locked, X509 required, and similar
        case (_, let error?) where [1044, 1045, 1698, 3118, 3159].contains(error.code):
            conclusion = (.refusedByDatabase, [.answered(service: "MySQL", message: error.message)])
        case (_, let error?):
            conclusion = (.unmetExpectation, [.answered(service: "MySQL", message: "\(error.message) (\(error.code))")])
        default: conclusion = (.unmetExpectation, [.passwordAsked])
        }
    }
}
