/// Decodes base64 as in PEM (RFC 7468 section 2, RFC 4648 section 4). One buffer is reused for all blocks.
package struct Base64Decoder {
    /// The offset of the first invalid character, or of the end when characters are missing.
    package struct Flaw: Error {
        package let offset: Int
    }

    /// The result of the last decoding, followed by unused bytes.
    package private(set) var buffer: [UInt8] = []

    /// Creates a decoder with an empty buffer.
    package init() {}

    /// Decodes `text` in `range`. White space is allowed anywhere, and padding must be complete.
    ///
    /// - Returns: the number of decoded bytes at the start of the buffer.
    package mutating func decode(_ text: Span<UInt8>, _ range: Range<Int>) throws(Flaw) -> Int {
        let needed = range.count / 4 * 3 + 3
        if buffer.count < needed { buffer = [UInt8](repeating: 0, count: needed) }
        let (written, flaw) = buffer.withUnsafeMutableBufferPointer { output in
            text.withUnsafeBufferPointer { text in
                Self.values.withUnsafeBufferPointer { values in
                    var run = Run(text: text, values: values, output: output, position: range.lowerBound)
                    let flaw = run.decode(upTo: range.upperBound)
                    return (run.written, flaw)
                }
            }
        }
        if let flaw { throw Flaw(offset: flaw) }
        return written
    }

    private static let whiteSpace: UInt8 = 64
    private static let padding: UInt8 = 65
    private static let foreign: UInt8 = 66

    /// The value of each byte: 0 to 63, or one of the three above.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: foreign, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        for character in " \t\r\n\u{0B}\u{0C}".utf8 {
            values[Int(character)] = whiteSpace
        }
        values[Int(UInt8(ascii: "="))] = padding
        return values
    }()

    /// One decoding: its input and output positions, and the characters of the incomplete quartet.
    private struct Run {
        let text: UnsafeBufferPointer<UInt8>
        let values: UnsafeBufferPointer<UInt8>
        let output: UnsafeMutableBufferPointer<UInt8>
        var position: Int
        var written = 0
        var bits: UInt32 = 0
        var pending = 0

        /// - Returns: the offset of the first error, or nil.
        mutating func decode(upTo end: Int) -> Int? {
            while position < end {
                if pending == 0, decodeQuartets(upTo: end) { continue }
                let value = values[Int(text[position])]
                switch value {
                case Base64Decoder.whiteSpace: break
                case Base64Decoder.padding: return decodePadding(upTo: end)
                case Base64Decoder.foreign: return position
                default: append(value)
                }
                position += 1
            }
            return pending == 0 ? nil : end
        }

        /// Decodes whole quartets until a character that is not base64. This is the common case, one line at a time.
        ///
        /// - Returns: whether it decoded any.
        private mutating func decodeQuartets(upTo end: Int) -> Bool {
            let start = position
            // Local copies, which the optimiser keeps in registers.
            var (read, write) = (position, written)
            while end - read >= 4 {
                let first = values[Int(text[read])], second = values[Int(text[read + 1])]
                let third = values[Int(text[read + 2])], fourth = values[Int(text[read + 3])]
                guard first | second | third | fourth < 64 else { break }
                output[write] = first << 2 | second >> 4
                output[write + 1] = second << 4 | third >> 2
                output[write + 2] = third << 6 | fourth
                write += 3
                read += 4
            }
            (position, written) = (read, write)
            return position > start
        }

        private mutating func append(_ value: UInt8) {
            bits = bits << 6 | UInt32(value)
            pending += 1
            guard pending == 4 else { return }
            for shift in [16, 8, 0] as [UInt32] {
                output[written] = UInt8(truncatingIfNeeded: bits >> shift)
                written += 1
            }
            bits = 0
            pending = 0
        }

        /// Checks that padding completes the last quartet and that only white space follows.
        private mutating func decodePadding(upTo end: Int) -> Int? {
            guard pending >= 2 else { return position }
            var missing = 4 - pending
            for index in position..<end {
                switch values[Int(text[index])] {
                case Base64Decoder.whiteSpace: continue
                case Base64Decoder.padding where missing > 0: missing -= 1
                default: return index
                }
            }
            guard missing == 0 else { return end }
            let octets = pending - 1
            bits <<= UInt32(6 * (4 - pending))
            for octet in 0..<octets {
                output[written] = UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * octet))
                written += 1
            }
            return nil
        }
    }
}
