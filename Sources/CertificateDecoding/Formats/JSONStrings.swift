/// Finds the strings of a JSON text (RFC 8259 section 7) and unescapes them.
///
/// The structure of the text is ignored: `{"cert": …}`, `{"data": {"ca_chain": […]}}` and log lines that contain them
/// are handled alike.
struct JSONStrings {
    private var position = 0

    /// Whether `bytes` begin like a JSON object, array or string and contain no PEM outside strings. A JSON string
    /// cannot contain a raw line end, so a BEGIN at the start of a line is not JSON.
    static func opens(_ bytes: Span<UInt8>) -> Bool {
        var start = bytes.holds("\u{FEFF}", at: 0) ? 3 : 0
        while start < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
        guard start < bytes.count, "{[\"".utf8.contains(bytes[start]) else { return false }
        return !bytes.contains("\n-----BEGIN ")
    }

    /// The next string of `text`. nil after the last. An unterminated string ends with the text.
    mutating func next(in text: Span<UInt8>) -> [UInt8]? {
        guard let quote = text.firstIndex(of: UInt8(ascii: "\""), from: position) else {
            position = text.count
            return nil
        }
        position = quote + 1
        var string: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return string
            case UInt8(ascii: "\\"): appendEscaped(to: &string, from: text)
            default: string.append(byte)
            }
        }
        return string
    }

    /// Appends the character of the escape sequence at the position. Base64 and all marks are ASCII, so any other
    /// character becomes a question mark.
    private mutating func appendEscaped(to string: inout [UInt8], from text: Span<UInt8>) {
        guard position < text.count else { return }
        let byte = text[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): string.append(0x0A)
        case UInt8(ascii: "r"): string.append(0x0D)
        case UInt8(ascii: "t"): string.append(0x09)
        case UInt8(ascii: "b"): string.append(0x08)
        case UInt8(ascii: "f"): string.append(0x0C)
        case UInt8(ascii: "u"): string.append(hexadecimal(in: text) ?? UInt8(ascii: "?"))
        default: string.append(byte)
        }
    }

    private mutating func hexadecimal(in text: Span<UInt8>) -> UInt8? {
        guard text.count - position >= 4 else { return nil }
        let digits = String(decoding: text.bytes(position..<(position + 4)), as: UTF8.self)
        guard let value = UInt16(digits, radix: 16) else { return nil }
        position += 4
        return value < 0x80 ? UInt8(value) : nil
    }
}
