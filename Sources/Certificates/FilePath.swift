/// A path as the kernel has it: bytes without NUL, not necessarily UTF-8.
///
/// Paths are ordered by their bytes. The ledger and a scan use the same order.
package struct FilePath: Hashable, Comparable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The path that `text` denotes in the encoding of `PathText`.
    package init(_ text: String) {
        self.bytes = PathText.bytes(of: text)
    }

    package static func < (left: FilePath, right: FilePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// This path followed by `/` and `name`.
    package func appending(_ name: [UInt8]) -> FilePath {
        FilePath(bytes: bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [UInt8(ascii: "/")] + name)
    }

    /// Whether this path is `directory` or is below it.
    package func isWithin(_ directory: FilePath) -> Bool {
        guard bytes.starts(with: directory.bytes) else { return false }
        return bytes.count == directory.bytes.count || directory.bytes.last == UInt8(ascii: "/")
            || bytes[directory.bytes.count] == UInt8(ascii: "/")
    }
}

extension FilePath: CustomStringConvertible {
    /// The path as text, with U+FFFD for bytes that are not UTF-8. Untrusted: a path may contain escape sequences and
    /// newlines.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
