import Certificates
import Glibc

/// The base directory of a configuration's relative paths, usually the directory of the file.
///
/// Paths become absolute, because the ledger identifies a place by its path, and `--config notafter.yaml` must mean the
/// same places as `--config /etc/notafter/notafter.yaml`. Symbolic links are kept: a link such as `current`, which has
/// another target after each deployment, is still the same place.
package struct BaseDirectory: Sendable {
    /// Absolute.
    package let path: String

    /// The directory that holds `file`.
    package init(ofFile file: String) {
        var components = file.hasPrefix("/") ? [] : Self.components(of: Self.workingDirectory())
        for component in Self.components(of: file).dropLast() {
            // The working directory contains no links, so its parent can be computed from the text.
            if component == "..", !file.hasPrefix("/"), components.last != ".." {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        path = "/" + components.joined(separator: "/")
    }

    /// The working directory.
    package static var working: BaseDirectory { BaseDirectory(ofFile: "-") }

    /// The directory that `text` names.
    package func directory(_ text: String) -> BaseDirectory {
        BaseDirectory(ofFile: absolute(text) + "/-")
    }

    /// `text` as an absolute path.
    package func absolute(_ text: String) -> String {
        "/" + Self.components(of: text.hasPrefix("/") ? text : path + "/" + text).joined(separator: "/")
    }

    /// `text`, which may be a glob, as an absolute pattern.
    package func pattern(_ text: String) -> PathPattern {
        let pattern = text.hasPrefix("/") ? text : PathPattern(literal: path).text + "/" + text
        return PathPattern("/" + Self.components(of: pattern).joined(separator: "/"))
    }

    private static func components(of path: String) -> [String] {
        path.split(separator: "/").map(String.init).filter { $0 != "." }
    }

    private static func workingDirectory() -> String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return PathText.text(cString: buffer)
    }
}
