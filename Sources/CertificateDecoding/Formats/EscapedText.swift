/// Text as the strings of other notations hold it, with `\n` for a line end: JSON, YAML in double quotes, `.env` files, systemd's
/// `Environment`, and any of these inside each other.
enum EscapedText {
    /// The text of `range`, unescaped. However many backslashes stand before a sign are one, since each notation around
    /// another doubles them.
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
            // In YAML it joins two lines.
            case 0x0A, 0x0D: break
            default: result.append(sign)
            }
        }
        return result
    }
}
