import Certificates

/// Escapes text for a terminal. Text from certificates, files and servers is untrusted: it could move the cursor,
/// change colours, forge lines or change the reading direction.
enum TerminalText {
    /// The text with everything that is not printable escaped, as in `\u{1B}`.
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
