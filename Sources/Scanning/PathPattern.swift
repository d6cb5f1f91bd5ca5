import Certificates
import Glibc

/// A path or glob from a user, with `*`, `?` (within one component) and `**` (any number of components).
package struct PathPattern: Hashable, Sendable {
    /// The pattern's text; absolute, or relative to the working directory.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether this is a glob and not a literal path. `\*`, `\?` and `\\` are the literal characters.
    package var isGlob: Bool {
        var escaped = false
        for character in text {
            if escaped {
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else if character == "*" || character == "?" {
                return true
            }
        }
        return false
    }
}

extension PathPattern {
    /// A literal path, in which special characters are escaped.
    package init(literal path: String) {
        text = path.reduce(into: "") { text, character in
            if "*?\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// An argument of a command line: a literal path if such a file exists, otherwise a pattern.
    package init(target: String) {
        self =
            FilePath(target).withSystemPath({ access($0, F_OK) }) == 0
            ? PathPattern(literal: target) : PathPattern(target)
    }
}
