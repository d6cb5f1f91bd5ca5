import Certificates

/// Text from certificates, files and servers is hostile: shown as it is, it could move the cursor, recolour the screen,
/// forge lines or turn the reading direction.
enum TerminalText {
    /// The text with everything that is not plainly printable as `\u{1B}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isHostile) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar.isHostile {
                escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
