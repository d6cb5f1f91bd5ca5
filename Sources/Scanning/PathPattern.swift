import Certificates
import Glibc

/// A path as people write it: outright, or with `*`, `?` (within one component) and `**` (any number of components).
package struct PathPattern: Hashable, Sendable {
    /// The pattern's text; absolute, or relative to the working directory.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether this is a glob, not a path named outright. `\*`, `\?` and `\\` stand for themselves.
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
    /// The path itself, whatever characters it holds.
    package init(literal path: String) {
        text = path.reduce(into: "") { text, character in
            if "*?\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// What somebody names on a command line: a file of that very name where there is one, else a pattern.
    package init(target: String) {
        self =
            FilePath(target).withSystemPath({ access($0, F_OK) }) == 0
            ? PathPattern(literal: target) : PathPattern(target)
    }
}
