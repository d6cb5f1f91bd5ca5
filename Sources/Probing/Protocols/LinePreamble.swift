import CurlBinding

/// Asks for TLS in a protocol of lines.
struct LinePreamble: Conversation {
    /// An answer that is waited for, and what is said to it.
    struct Turn: Sendable {
        /// How the answer's last line begins.
        let answer: String
        /// What must stand in one of its lines, in capitals.
        var offer: String?
        /// nil: TLS begins.
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

    /// More than this before TLS is no greeting.
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

    /// - Returns: nil when the answer goes on.
    private mutating func take(_ line: String) -> ConversationStep? {
        guard let turn = turns.first else { return .end }
        guard line.hasPrefix(turn.answer) else {
            // A reply of several lines has a hyphen after its code (RFC 5321 4.2.1); IMAP has untagged lines between.
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
