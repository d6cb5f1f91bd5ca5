/// PEM that was saved as UTF-16, as some editors and PowerShell's `>` do.
enum UTF16Text {
    /// The ASCII in `bytes`, `?` for every other character, if they hold a PEM's `BEGIN` in UTF-16 of either byte order.
    ///
    /// - Returns: nil for anything else.
    static func ascii(in bytes: Span<UInt8>) -> [UInt8]? {
        let mark = Array("-----BEGIN ".utf8)
        // Big-endian text holds the little-endian pattern too, one byte off: the index tells which it is.
        if let index = bytes.firstIndex(of: mark.flatMap { [$0, 0] }) {
            return ascii(in: bytes, highByte: index.isMultiple(of: 2) ? 1 : 0)
        }
        guard bytes.firstIndex(of: mark.flatMap { [0, $0] }) != nil else { return nil }
        return ascii(in: bytes, highByte: 0)
    }

    private static func ascii(in bytes: Span<UInt8>, highByte: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let isASCII = bytes[index + highByte] == 0 && bytes[index + 1 - highByte] < 0x80
            text.append(isASCII ? bytes[index + 1 - highByte] : UInt8(ascii: "?"))
        }
        return text
    }
}
