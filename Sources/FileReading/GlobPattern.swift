import Certificates
import Glibc

/// A pattern as a shell has it (glob(7)): `*`, `?` and `[…]`, which match no leading dot and no slash.
package struct GlobPattern: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether it can match anything else than itself.
    package var isGlob: Bool { text.contains { "*?[".contains($0) } }

    /// The path that a pattern names which is no glob: without its backslashes.
    package var named: String {
        var isEscaped = false
        return text.reduce(into: "") { path, character in
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { path.append(character) }
        }
    }

    /// The pattern that matches `path` alone.
    package static func literal(_ path: String) -> String {
        path.reduce(into: "") { text, character in
            if "*?[\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// What exists and matches, in the order of its bytes; nothing where the directory does not exist.
    ///
    /// - Throws: why a directory could not be listed.
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
