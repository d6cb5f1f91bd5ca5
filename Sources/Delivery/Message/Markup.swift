import Certificates

/// What a service does to text: text from certificates and servers must come out of it as it is.
package enum Markup: Hashable, Sendable, CaseIterable {
    /// Nothing.
    case plain
    /// Slack's mrkdwn, where `<` begins links and mentions.
    case slack
    /// The Markdown of Discord, Mattermost and Adaptive Cards.
    case markdown

    /// Text that the service shows as `text`, on one line and without what moves, hides or turns it.
    package func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar.isHostile {
                escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".map(escapedCharacter).joined()
            } else {
                escaped += escapedCharacter(Character(scalar))
            }
        }
        return escaped
    }

    private func escapedCharacter(_ character: Character) -> String {
        switch (self, character) {
        case (.slack, "&"): "&amp;"
        case (.slack, "<"): "&lt;"
        case (.slack, ">"): "&gt;"
        // Mattermost notifies everybody of "@all" whatever stands before it: a space of no width separates the two.
        case (.markdown, "@"): "@\u{200B}"
        case (.markdown, _) where "\\`*_~[]<>|#".contains(character): "\\\(character)"
        default: String(character)
        }
    }

    /// `text`, which is in this markup already, in at most `limit` units; what is left out is shown by "…".
    func fitted(_ text: String, _ limit: Int, in unit: LengthUnit) -> String {
        var fitted = unit.fitted(text, limit)
        guard fitted.count < text.count, self != .plain else { return fitted }
        // An escape that was cut in two would show, or take the "…" with it.
        fitted.removeLast()
        switch self {
        case .slack:
            if let start = fitted.lastIndex(of: "&"), !fitted[start...].contains(";") {
                fitted.removeSubrange(start...)
            }
        case .markdown:
            if fitted.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 { fitted.removeLast() }
        case .plain: break
        }
        return fitted + "…"
    }
}

/// In what a service counts its limits.
enum LengthUnit: Sendable {
    case bytes
    /// UTF-16 code units, as JavaScript and Java count.
    case utf16

    func length(of text: some StringProtocol) -> Int {
        switch self {
        case .bytes: text.utf8.count
        case .utf16: text.utf16.count
        }
    }

    /// As much of `text` as has at most `limit` units, whole characters; what is left out is shown by "…".
    func fitted(_ text: String, _ limit: Int) -> String {
        guard length(of: text) > limit else { return text }
        var room = limit - length(of: "…")
        var end = text.startIndex
        while end < text.endIndex {
            let next = text.index(after: end)
            let length = length(of: text[end..<next])
            guard length <= room else { break }
            room -= length
            end = next
        }
        return text[..<end] + "…"
    }
}
