import Messages

/// The lines of an iCalendar object, escaped, folded and terminated according to RFC 5545.
struct ICalendarText {
    /// RFC 5545 3.1: octets in a line, without the line break.
    private static let lineLimit = 75

    private(set) var text = ""

    /// Appends a property whose value needs no escaping.
    mutating func append(_ name: String, _ value: String) {
        append(line: "\(name):\(value)")
    }

    /// Appends a property with an arbitrary text, which is escaped.
    mutating func append(_ name: String, text value: String) {
        append(line: "\(name):\(Self.escaped(value))")
    }

    /// Escapes according to RFC 5545 3.3.11, after `Markup` has removed control and format characters.
    private static func escaped(_ value: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in Markup.plain.escaped(value).unicodeScalars {
            if scalar == "\\" || scalar == ";" || scalar == "," { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }

    /// Folds only between two characters. RFC 5545 allows a fold inside a character.
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
