import Certificates

/// The markup that a service interprets in text. Text from certificates and servers is escaped, so that the service
/// shows it literally.
package enum Markup: Hashable, Sendable, CaseIterable {
    /// Nothing.
    case plain
    /// Slack's mrkdwn, where `<` begins links and mentions.
    case slack
    /// The Markdown of Discord, Mattermost and Adaptive Cards.
    case markdown

    /// Markup that the service shows as `text`, on one line and without control and format characters.
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
        // Mattermost notifies all members for "@all", even escaped, so a zero-width space follows each "@".
        case (.markdown, "@"): "@\u{200B}"
        case (.markdown, _) where "\\`*_~[]<>|#".contains(character): "\\\(character)"
        default: String(character)
        }
    }

    /// Shortens `text`, which is in this markup already, to `limit` units. A text that was cut ends with "…".
    package func fitted(_ text: String, _ limit: Int, in unit: LengthUnit) -> String {
        var fitted = unit.fitted(text, limit)
        guard fitted.count < text.count, self != .plain else { return fitted }
        // Half an escape sequence would be visible, or would escape the "…".
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

/// The unit in which a service counts its limits.
package enum LengthUnit: Sendable {
    case bytes
    /// UTF-16 code units, as JavaScript and Java count.
    case utf16

    /// The length of `text` in this unit.
    package func length(of text: some StringProtocol) -> Int {
        switch self {
        case .bytes: text.utf8.count
        case .utf16: text.utf16.count
        }
    }

    /// Shortens `text` to `limit` units without splitting a character. A text that was cut ends with "…".
    package func fitted(_ text: String, _ limit: Int) -> String {
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
