import CurlBinding

/// Requests TLS in a line-based protocol.
struct LinePreamble: Conversation {
    /// An expected response of the server, and the client's reply.
    struct Turn: Sendable {
        /// The beginning of the last line of the response.
        let answer: String
        /// A text that one of its lines must contain, in capitals.
        var offer: String?
        /// nil when TLS begins.
        let reply: String?
    }

    /// RFC 3207
    static let smtp = LinePreamble(
        name: "SMTP",
        turns: [
            Turn(answer: "220 ", reply: "EHLO notafter"), Turn(answer: "250 ", offer: "STARTTLS", reply: "STARTTLS"),
            Turn(answer: "220 ", reply: nil),
        ])
    /// RFC 9051 6.2.1
    static let imap = LinePreamble(
        name: "IMAP", turns: [Turn(answer: "* OK", reply: "a1 STARTTLS"), Turn(answer: "a1 OK", reply: nil)])
    /// RFC 2595 4
    static let pop3 = LinePreamble(
        name: "POP3", turns: [Turn(answer: "+OK", reply: "STLS"), Turn(answer: "+OK", reply: nil)])
    /// RFC 4217 4.1
    static let ftp = LinePreamble(
        name: "FTP", turns: [Turn(answer: "220 ", reply: "AUTH TLS"), Turn(answer: "234 ", reply: nil)])

    /// The limit on the bytes before TLS.
    private static let limit = 16_384

    let name: String
    private var turns: [Turn]
    private var pending: [UInt8] = []
    private var lines: [String] = []

    private init(name: String, turns: [Turn]) {
        self.name = name
        self.turns = turns
    }

    mutating func begin() -> ConversationStep { .wait }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        guard pending.count <= Self.limit else { return .giveUp("it does not speak \(name)") }
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: pending[..<end], as: UTF8.self)
            pending.removeFirst(end + 1)
            lines.append(line)
            if let step = take(line) { return step }
        }
        return .wait
    }

    /// - Returns: nil when the response continues.
    private mutating func take(_ line: String) -> ConversationStep? {
        guard let turn = turns.first else { return .end }
        guard line.hasPrefix(turn.answer) else {
            // Lines of a multi-line reply have a hyphen after the code (RFC 5321 4.2.1). IMAP sends untagged lines in
            // between.
            let goesOn = line.hasPrefix(turn.answer.prefix(3) + "-") || (turn.answer == "a1 OK" && line.hasPrefix("* "))
            let isInMiddle = turn.answer == "220 " && line.hasPrefix(" ")
            if goesOn || isInMiddle { return nil }
            return .giveUp("it answers \"\(line.prefix(80).filter { !$0.isNewline })\" in \(name)")
        }
        if let offer = turn.offer, !lines.contains(where: { $0.uppercased().contains(offer) }) {
            return .giveUp("it does not offer \(offer)")
        }
        turns.removeFirst()
        lines = []
        return turn.reply.map { .say(Array("\($0)\r\n".utf8)) } ?? .end
    }
}
