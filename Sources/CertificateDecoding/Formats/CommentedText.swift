/// Detects text in a comment: `# -----BEGIN CERTIFICATE-----`.
enum CommentedText {
    /// The maximum distance to the start of the line. Text without line ends is not searched further.
    private static let lineLimit = 512

    /// Whether the text at `index` is in a comment: its line begins with `#`, `;` or `//`, or has a `#` after white
    /// space and outside quotes, as in YAML, shell, TOML, INI, HCL and Dockerfiles.
    static func holds(_ index: Int, in text: Span<UInt8>) -> Bool {
        var start = index
        while start > 0, index - start < lineLimit, text[start - 1] != 0x0A, text[start - 1] != 0x0D { start -= 1 }
        guard start == 0 || index - start < lineLimit else { return false }
        var quote: UInt8?
        var isFirst = true
        for position in start..<index {
            let byte = text[position]
            let isAfterBlank = position == start || text[position - 1] == 0x20 || text[position - 1] == 0x09
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "#"), isAfterBlank {
                return true
            } else if isFirst, byte == UInt8(ascii: ";") || text.holds("//", at: position) {
                return true
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            isFirst = isFirst && (byte == 0x20 || byte == 0x09)
        }
        return false
    }
}
