import Delivery

/// Lines of an iCalendar object (RFC 5545): escaped, folded and ended as it demands.
struct ICalendarText {
    /// RFC 5545 3.1: octets in a line, without its end.
    private static let lineLimit = 75

    private(set) var text = ""

    /// A property whose value is no text.
    mutating func append(_ name: String, _ value: String) {
        append(line: "\(name):\(value)")
    }

    /// A property of text, whatever stands in it.
    mutating func append(_ name: String, text value: String) {
        append(line: "\(name):\(Self.escaped(value))")
    }

    /// RFC 5545 3.3.11, after what moves, hides or turns text has been made visible.
    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in Markup.plain.escaped(value) {
            if "\\;,".contains(character) { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }

    /// Between two characters and never inside of one, which RFC 5545 would allow.
    private mutating func append(line: String) {
        var room = Self.lineLimit
        for scalar in line.unicodeScalars {
            let length = UTF8.width(scalar)
            if length > room {
                text += "\r\n "
                room = Self.lineLimit - 1
            }
            text.unicodeScalars.append(scalar)
            room -= length
        }
        text += "\r\n"
    }
}
