/// Turns the bytes of a configuration file into text that is safe for a YAML parser.
enum YAMLText {
    /// 1 MiB, a thousand times the size of a file that is written by hand.
    static let byteLimit = 1 << 20

    /// Checks `bytes` and decodes them, without a byte order mark.
    static func decode(_ bytes: [UInt8]) throws(SyntaxProblem) -> String {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let text = String(decoding: bytes, as: UTF8.self)
        if String(validating: bytes, as: UTF8.self) == nil {
            throw SyntaxProblem(Position(of: firstRepair(in: text, of: bytes), in: text), "is not UTF-8 from here on")
        }
        if let index = text.unicodeScalars.firstIndex(where: { !isAllowed($0) }) {
            let code = String(text.unicodeScalars[index].value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
            throw SyntaxProblem(
                Position(of: index, in: text), "holds the character U+\(padded), which YAML does not allow")
        }
        if let index = anchorThatIsUsed(in: text) {
            throw SyntaxProblem(
                Position(of: index, in: text),
                "anchors and aliases (&name, *name) are not taken: write the value wherever it is needed")
        }
        return text
    }

    /// The first U+FFFD in `text` that replaces bytes that were not UTF-8.
    private static func firstRepair(in text: String, of bytes: [UInt8]) -> String.Index {
        var offset = 0
        for index in text.unicodeScalars.indices {
            let encoded = Array(String(text.unicodeScalars[index]).utf8)
            guard bytes[offset...].starts(with: encoded) else { return index }
            offset += encoded.count
        }
        return text.endIndex
    }

    /// The printable characters of YAML 1.1 (section 5.1).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false
        }
    }

    /// The position of the first `&name`, if there is a `*name` as well.
    ///
    /// A few nested aliases can expand to more than any memory holds ("billion laughs"), and the parser hashes keys
    /// before we see them. So the text is searched for both, at every position where a token could begin. That also
    /// finds `&name` inside quotes, which no sane file has beside a `*name`. Either alone is harmless and is left to
    /// the parser.
    private static func anchorThatIsUsed(in text: String) -> String.Index? {
        let anchor = firstToken(beginningWith: "&", in: text)
        return firstToken(beginningWith: "*", in: text) == nil ? nil : anchor
    }

    private static func firstToken(beginningWith sign: Unicode.Scalar, in text: String) -> String.Index? {
        let scalars = text.unicodeScalars
        var previous: Unicode.Scalar = "\n"
        var isComment = false
        var onlyBlanksSoFar = true
        for index in scalars.indices {
            let scalar = scalars[index]
            if isBreak(scalar) {
                isComment = false
                onlyBlanksSoFar = true
            } else if onlyBlanksSoFar, scalar != " ", scalar != "\t" {
                isComment = scalar == "#"
                onlyBlanksSoFar = false
            }
            if scalar == sign, !isComment, mayPrecedeToken(previous),
                let next = scalars[scalars.index(after: index)...].first, isAnchorCharacter(next)
            {
                return index
            }
            previous = scalar
        }
        return nil
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    private static func mayPrecedeToken(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "[", "]", "{", "}", ",", ":", "\"", "'": true
        default: isBreak(scalar)
        }
    }

    private static func isAnchorCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
