/// Converts paths to text and back without loss: command lines and directories contain bytes that need not be UTF-8,
/// and most code here takes a `String`.
///
/// A byte that is not part of valid UTF-8 becomes one scalar of U+F780 to U+F7FF, in a private use area. A scalar of
/// that range in a name is escaped byte by byte in the same way.
package enum PathText {
    private static let first: UInt32 = 0xF700

    /// The text for the bytes of a path.
    package static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !mayHoldEscapes(text) { return text }
        var text = String.UnicodeScalarView()
        var rest = bytes[...]
        while let lead = rest.first {
            let length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
            let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
            if let scalar, !isEscape(scalar) {
                text.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                text.append(Unicode.Scalar(first + UInt32(lead)) ?? "\u{FFFD}")
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The bytes of a path from text that `text(of:)` returned or that a person wrote.
    package static func bytes(of text: String) -> [UInt8] {
        guard mayHoldEscapes(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            isEscape(scalar) ? [UInt8(scalar.value - first)] : Array(String(scalar).utf8)
        }
    }

    /// Calls `body` with the path as a C string for system calls.
    package static func withSystemPath<Result>(_ text: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let path = bytes(of: text).map { CChar(bitPattern: $0) } + [0]
        return path.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a path ends with a NUL") }
            return body(base)
        }
    }

    /// The text of a path that a system call returned.
    package static func text(cString: UnsafePointer<CChar>) -> String {
        var bytes: [UInt8] = []
        var next = cString
        while next.pointee != 0 {
            bytes.append(UInt8(bitPattern: next.pointee))
            next += 1
        }
        return text(of: bytes)
    }

    private static func isEscape(_ scalar: Unicode.Scalar) -> Bool {
        (first + 0x80...first + 0xFF).contains(scalar.value)
    }

    /// Searches for the byte EF first, which begins the UTF-8 of each escape and is in few other texts.
    private static func mayHoldEscapes(_ text: String) -> Bool {
        text.utf8.contains(0xEF) && text.unicodeScalars.contains(where: isEscape)
    }
}
