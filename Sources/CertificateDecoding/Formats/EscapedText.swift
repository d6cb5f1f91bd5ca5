/// Unescapes text from strings of other notations, in which `\n` is a line end: JSON, double-quoted YAML, `.env` files,
/// systemd's `Environment`, and any nesting of these.
enum EscapedText {
    /// The unescaped text of `range`. Several backslashes before a character count as one, since each level of nesting
    /// doubles them.
    static func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            while position < range.upperBound, text[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < range.upperBound else { break }
            let sign = text[position]
            position += 1
            switch sign {
            case UInt8(ascii: "n"), UInt8(ascii: "r"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                let digits = String(
                    decoding: text.bytes(position..<min(position + 4, range.upperBound)), as: UTF8.self)
                result.append(UInt8(digits, radix: 16) ?? UInt8(ascii: "?"))
                position = min(position + 4, range.upperBound)
            // In YAML this joins two lines.
            case 0x0A, 0x0D: break
            default: result.append(sign)
            }
        }
        return result
    }
}
