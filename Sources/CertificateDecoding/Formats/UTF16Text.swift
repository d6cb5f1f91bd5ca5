/// Decodes text in UTF-16, which some editors and PowerShell's `>` write.
enum UTF16Text {
    /// Whether `bytes` begin with a byte order mark of UTF-16, or contain a PEM `BEGIN` in UTF-16.
    static func isText(_ bytes: Span<UInt8>) -> Bool {
        isBigEndian(bytes) != nil
    }

    /// The text in UTF-8. Invalid UTF-16 becomes U+FFFD.
    static func decoded(_ bytes: Span<UInt8>) -> [UInt8] {
        let isBigEndian = isBigEndian(bytes) ?? false
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let pair = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0)
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// nil when the bytes are not UTF-16.
    private static func isBigEndian(_ bytes: Span<UInt8>) -> Bool? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0xFF): return true
        // UTF-32 begins with the same bytes, followed by zeros.
        case (0xFF, 0xFE): return bytes[2] == 0 && bytes[3] == 0 ? nil : false
        default: break
        }
        // The bytes of the mark are the same in both byte orders. The parity of its offset shows which one it is.
        let begin = Array("-----BEGIN ".utf8.flatMap { [$0, UInt8(0)] }.dropLast())
        return bytes.firstIndex(of: begin).map { !$0.isMultiple(of: 2) }
    }
}
