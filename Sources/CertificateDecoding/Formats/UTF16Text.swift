/// PEM that was saved as UTF-16, as some editors and PowerShell's `>` do. No TLS software reads it.
enum UTF16Text {
    /// Whether `bytes` hold a PEM's `BEGIN` in UTF-16 of either byte order.
    static func isPEM(_ bytes: Span<UInt8>) -> Bool {
        holds("-----BEGIN ", in: bytes)
    }

    /// Whether `bytes` hold ASCII `text` in UTF-16 of either byte order.
    static func holds(_ text: String, in bytes: Span<UInt8>) -> Bool {
        // The other byte order's bytes begin one earlier, and are the same from there on.
        bytes.firstIndex(of: Array(text.utf8.flatMap { [$0, 0] }.dropLast())) != nil
    }
}
