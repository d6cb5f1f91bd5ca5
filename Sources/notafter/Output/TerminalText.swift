/// Text from certificates, files and servers is hostile: shown as it is, it could move the cursor, recolour the screen,
/// forge lines or turn the reading direction.
enum TerminalText {
    /// The text with everything that is not plainly printable as `\u{1B}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        // Most text is ASCII, and the table of categories takes its time.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        // Controls; formats, which turn or hide text; line and paragraph separators; what has no meaning at all.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
