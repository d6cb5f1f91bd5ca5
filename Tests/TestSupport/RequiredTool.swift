import Foundation
import SpawnBinding

/// An executable that a test requires.
package struct RequiredTool: Sendable {
    package let path: String

    /// Finds `name` in `PATH`, or in Debian's directories for daemons.
    ///
    /// - Throws: `MissingTool` with its name.
    package init(_ name: String) throws {
        let searched = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let directories = searched + ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        let found = directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw MissingTool(name: name) }
        self.path = found
    }

    /// Debian's Python with Debian's modules. `PATH` may contain another one first.
    package static let debianPython = RequiredTool(path: "/usr/bin/python3")

    init(path: String) {
        self.path = path
    }

    /// Runs it to its end.
    ///
    /// - Throws: `ToolFailed` for a non-zero status.
    package func run(_ arguments: [String]) throws {
        let status = try SpawnedProcess([path] + arguments, errors: .descriptor(STDERR_FILENO)).wait()
        guard status == 0 else { throw ToolFailed(path: path, status: status) }
    }
}

/// A required executable is not installed.
package struct MissingTool: Error, CustomStringConvertible {
    package let name: String

    package var description: String { "the tests need \(name), which is not installed" }
}

/// A tool ended with a non-zero status.
package struct ToolFailed: Error, CustomStringConvertible {
    package let path: String
    package let status: Int32

    package var description: String { "\(path) ended with status \(status)" }
}
