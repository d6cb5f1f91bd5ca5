import Foundation

/// An executable that a test cannot do without.
package struct RequiredTool: Sendable {
    package let path: String

    /// Finds `name` in `PATH`, or where Debian keeps its daemons.
    ///
    /// - Throws: `MissingTool`, which names it.
    package init(_ name: String) throws {
        let searched = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let directories = searched + ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        let found = directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw MissingTool(name: name) }
        self.path = found
    }
}

/// A required executable is not installed.
package struct MissingTool: Error, CustomStringConvertible {
    package let name: String

    package var description: String { "the tests need \(name), which is not installed" }
}
