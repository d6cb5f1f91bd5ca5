import Certificates
import Foundation

/// A message as a mail (RFC 5322) in plain text.
package struct MailContent {
    package let bytes: [UInt8]

    /// `sender` and `recipients` are addresses without angle brackets.
    package init(_ message: Message, from sender: String, to recipients: [String]) {
        let domain = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        // All mails about one trouble form one thread.
        let thread = (message.incident.over.first ?? message.incident.ongoing)?.key ?? message.id
        let headers = [
            ("Date", Self.date(message.facts?.askedAt ?? message.occurredAt)),
            ("From", sender),
            ("To", recipients.joined(separator: ",\r\n ")),
            ("Subject", Self.encodedWords(message.title)),
            ("Message-ID", "<\(message.id)@\(domain)>"),
            ("References", "<\(thread)@\(domain)>"),
            // No vacation replies (RFC 3834).
            ("Auto-Submitted", "auto-generated"),
            ("X-Notafter-Type", message.type.rawValue),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "base64"),
        ]
        let head = headers.map { "\($0): \($1)\r\n" }.joined()
        let fields = message.fields.map { "\($0.label): \(Markup.plain.escaped($0.value))\r\n" }.joined()
        let text = "\(message.text)\r\n\r\n\(fields)\r\n\(message.id)\r\n"
        let lines: Data.Base64EncodingOptions = [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ]
        let encoded = Data(text.utf8).base64EncodedString(options: lines)
        bytes = Array("\(head)\r\n\(encoded)\r\n".utf8)
    }

    /// RFC 2047: words of at most 66 characters, so that "Subject: " fits before the first, and no character is split.
    /// The whole text is encoded, so that no part of it can start another header or pass for an encoded word.
    static func encodedWords(_ text: String) -> String {
        let room = (66 - "=?UTF-8?B??=".count) / 4 * 3
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > room { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// RFC 5322 3.3, in UTC.
    static func date(_ instant: Instant) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970-01-01 was a Thursday.
        let day = Int(instant.seconds.quotientAndRemainder(dividingBy: 86_400).quotient % 7)
        let text = instant.description
        let date = text.prefix { $0 != "T" }.split(separator: "-").compactMap { Int($0) }
        guard date.count == 3, (1...12).contains(date[1]) else { return text }
        let time = text.drop { $0 != "T" }.dropFirst().prefix(8)
        return "\(days[(day + 7) % 7]), \(date[2]) \(months[date[1] - 1]) \(date[0]) \(time) +0000"
    }
}
