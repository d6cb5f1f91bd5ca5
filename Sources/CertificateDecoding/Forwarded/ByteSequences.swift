/// Parses byte sequences of structured fields (RFC 8941 3.3.5), with which RFC 9440 encodes certificates: `:MIIB…=:`.
enum ByteSequences {
    /// Parses a field that is one byte sequence.
    static func item(_ value: [UInt8]) throws(ForwardedCertificateError) -> [UInt8] {
        let list = try list(value)
        guard list.count == 1, let first = list.first else {
            throw .malformed("the value has \(list.count) byte sequences instead of one")
        }
        return first
    }

    /// Parses a field that is a list of byte sequences. Parameters are skipped.
    static func list(_ value: [UInt8]) throws(ForwardedCertificateError) -> [[UInt8]] {
        var list: [[UInt8]] = []
        var rest = value[...]
        while true {
            rest = rest.drop(while: isSpace)
            guard rest.first == UInt8(ascii: ":"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: ":")) else {
                throw .malformed("byte \(rest.startIndex) of the value begins no byte sequence (:base64:)")
            }
            list.append(try HeaderBase64.decoded(Array(rest[(rest.startIndex + 1)..<end])))
            rest = afterParameters(rest[(end + 1)...])
            guard let separator = rest.first else { return list }
            guard separator == UInt8(ascii: ",") else {
                throw .malformed("byte \(rest.startIndex) of the value is no comma between byte sequences")
            }
            rest = rest.dropFirst()
        }
    }

    /// The text from the next comma outside quotes, or from the next character that is not part of a parameter.
    private static func afterParameters(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text.drop(while: isSpace)
        guard rest.first == UInt8(ascii: ";") else { return rest }
        var isQuoted = false
        while let byte = rest.first, isQuoted || byte != UInt8(ascii: ",") {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            rest = rest.dropFirst(isQuoted && byte == UInt8(ascii: "\\") ? 2 : 1)
        }
        return rest
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }
}
