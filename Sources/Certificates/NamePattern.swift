/// A pattern for names: the exact text, or a glob in which `*` matches any characters and `?` matches one.
package struct NamePattern: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether `name` equals the text or matches it as a glob. The comparison is case-sensitive.
    package func matches(_ name: String) -> Bool {
        text == name || Self.matches(Array(name.unicodeScalars), glob: Array(text.unicodeScalars))
    }

    /// Backtracks to the last `*` only, so that the time is at most the product of the two lengths.
    private static func matches(_ name: [Unicode.Scalar], glob: [Unicode.Scalar]) -> Bool {
        var (position, token) = (0, 0)
        var retry: (position: Int, token: Int)?
        while position < name.count {
            if token < glob.count, glob[token] == "*" {
                retry = (position, token)
                token += 1
            } else if token < glob.count, glob[token] == "?" || glob[token] == name[position] {
                position += 1
                token += 1
            } else if let star = retry {
                position = star.position + 1
                token = star.token + 1
                retry = (position, star.token)
            } else {
                return false
            }
        }
        return glob[token...].allSatisfy { $0 == "*" }
    }
}

extension NamePattern: CustomStringConvertible {
    package var description: String { text }
}
