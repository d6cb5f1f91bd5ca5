/// Finds base64 of PEM in other text: `client-certificate-data: LS0tLS1CRUdJTi…` in a kubeconfig, `tls.crt` in a
/// Secret.
///
/// Every PEM begins with the same dashes and word, so its base64 always begins with the same characters, in every
/// notation.
struct EncodedPEM {
    /// The base64 of `-----BEGIN `, without the characters that depend on the following text.
    static let mark: StaticString = "LS0tLS1CRUdJTi"

    private var position = 0

    /// The next run of base64 that begins with the mark and may span several lines. nil after the last. Comments are
    /// skipped.
    mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        while let start = text.firstIndex(of: Self.mark, from: position) {
            guard CommentedText.holds(start, in: text) else { return run(from: start, in: text) }
            position = start + Self.mark.utf8CodeUnitCount
        }
        return nil
    }

    private mutating func run(from start: Int, in text: Span<UInt8>) -> Range<Int> {
        var end = Self.endOfRun(from: start, in: text)
        // YAML folds long values. The following lines that are entirely base64 belong to the run, until padding or
        // another line.
        while let line = Self.continuation(from: end, in: text) { end = line }
        position = end
        return start..<end
    }

    private static func endOfRun(from start: Int, in text: Span<UInt8>) -> Int {
        var end = start
        while end < text.count, isCharacter(text[end]) { end += 1 }
        return end
    }

    /// The end of the next line, if the run at `end` reaches the end of its own line and the next line is entirely
    /// base64.
    private static func continuation(from end: Int, in text: Span<UInt8>) -> Int? {
        guard end > 0, text[end - 1] != UInt8(ascii: "=") else { return nil }
        var start = end
        if start < text.count, text[start] == 0x0D { start += 1 }
        guard start < text.count, text[start] == 0x0A else { return nil }
        start += 1
        while start < text.count, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        let next = endOfRun(from: start, in: text)
        guard next > start, next == text.count || text[next] == 0x0A || text[next] == 0x0D else { return nil }
        return text.holds(mark, at: start) ? nil : next
    }

    private static func isCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
