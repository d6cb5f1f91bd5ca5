import Certificates
import Glibc

/// A shell pattern (glob(7)) with `*`, `?` and `[…]`. They match neither a leading dot nor a slash.
package struct GlobPattern: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether it contains a wildcard, so that it can match more than one path.
    package var isGlob: Bool { text.contains { "*?[".contains($0) } }

    /// The path that a pattern without wildcards denotes, with its backslashes removed.
    package var named: String {
        var isEscaped = false
        return text.reduce(into: "") { path, character in
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { path.append(character) }
        }
    }

    /// The pattern that matches only `path`.
    package static func literal(_ path: String) -> String {
        path.reduce(into: "") { text, character in
            if "*?[\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// The existing paths that match, in the order of their bytes. Empty when the directory does not exist.
    ///
    /// - Throws: the reason why a directory could not be listed.
    package func paths() throws(RegularFile.Failure) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        switch PathText.withSystemPath(text, { glob($0, GLOB_ERR, nil, &result) }) {
        case 0: break
        case GLOB_NOMATCH: return []
        case GLOB_NOSPACE: throw .system(errno: ENOMEM)
        default:
            guard errno != ENOENT else { return [] }
            throw .system(errno: errno)
        }
        return (0..<Int(result.gl_pathc)).compactMap { index in
            result.gl_pathv[index].map { PathText.text(cString: $0) }
        }
    }
}
