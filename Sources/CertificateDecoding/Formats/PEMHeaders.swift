/// The headers that RFC 1421 allows between a BEGIN line and the base64, such as `Proc-Type: 4,ENCRYPTED`.
struct PEMHeaders {
    let areEncrypting: Bool
    /// The base64 after the headers.
    let body: Range<Int>

    /// Finds the headers at the start of `body`. They end with an empty line. Without one there are no headers.
    init(of body: Range<Int>, in text: Span<UInt8>) {
        var lines = Lines(body)
        var isFirst = true
        var isEncrypting = false
        while let line = lines.next(in: text) {
            guard !line.isEmpty else {
                // White space before the first line does not end the headers.
                if isFirst { continue }
                self.init(areEncrypting: isEncrypting, body: line.upperBound..<body.upperBound)
                return
            }
            guard line.contains(where: { text[$0] == UInt8(ascii: ":") }) else {
                // A header may continue on the next line. If the first line is not a header, there are none.
                if isFirst { break }
                continue
            }
            isFirst = false
            isEncrypting = isEncrypting || Self.isEncrypting(line, in: text)
        }
        self.init(areEncrypting: isEncrypting, body: body)
    }

    private init(areEncrypting: Bool, body: Range<Int>) {
        self.areEncrypting = areEncrypting
        self.body = body
    }

    private static func isEncrypting(_ line: Range<Int>, in text: Span<UInt8>) -> Bool {
        guard text.holds("Proc-Type:", at: line.lowerBound) else { return false }
        return line.contains { text.holds("ENCRYPTED", at: $0) }
    }

    /// Lines without surrounding white space. They end with LF, CR or both.
    private struct Lines {
        private var position: Int
        private let end: Int

        init(_ range: Range<Int>) {
            position = range.lowerBound
            end = range.upperBound
        }

        mutating func next(in text: Span<UInt8>) -> Range<Int>? {
            guard position < end else { return nil }
            var line = position..<position
            while position < end, text[position] != 0x0A, text[position] != 0x0D {
                position += 1
            }
            line = line.lowerBound..<position
            if position < end {
                let isPair = text[position] == 0x0D && position + 1 < end && text[position + 1] == 0x0A
                position += isPair ? 2 : 1
            }
            return line.trimmed(in: text)
        }
    }
}

extension Range<Int> {
    /// This range without spaces and tabs at both ends.
    fileprivate func trimmed(in text: Span<UInt8>) -> Range<Int> {
        var range = self
        while let first = range.first, text[first] == 0x20 || text[first] == 0x09 {
            range = (first + 1)..<range.upperBound
        }
        while let last = range.last, text[last] == 0x20 || text[last] == 0x09 {
            range = range.lowerBound..<last
        }
        return range
    }
}
