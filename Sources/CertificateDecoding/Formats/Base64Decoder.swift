/// Base64 as PEM has it (RFC 7468 section 2, RFC 4648 section 4), decoded into one buffer, block after block.
package struct Base64Decoder {
    /// The offset of the first character that does not belong there, or of the end where some are missing.
    package struct Flaw: Error {
        package let offset: Int
    }

    /// What was decoded last, and anything behind it.
    package private(set) var buffer: [UInt8] = []

    /// With an empty buffer.
    package init() {}

    /// Decodes `text` in `range`, in which white space may stand anywhere and padding must be complete.
    ///
    /// - Returns: how many bytes at the start of the buffer were decoded.
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

    /// What each byte stands for: 0 to 63, or one of the three above.
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

    /// One decoding: where it reads, where it writes, and the characters of the quartet that is not full yet.
    private struct Run {
        let text: UnsafeBufferPointer<UInt8>
        let values: UnsafeBufferPointer<UInt8>
        let output: UnsafeMutableBufferPointer<UInt8>
        var position: Int
        var written = 0
        var bits: UInt32 = 0
        var pending = 0

        /// - Returns: the offset of what is wrong, or nil.
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

        /// Decodes whole quartets as long as nothing but base64 comes: the common case, a line at a time.
        ///
        /// - Returns: whether there were any.
        private mutating func decodeQuartets(upTo end: Int) -> Bool {
            let start = position
            // Copies, which the optimiser keeps in registers.
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

        /// Padding fills the last quartet, and nothing but white space follows it.
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
