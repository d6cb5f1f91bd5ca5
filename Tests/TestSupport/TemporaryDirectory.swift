import Certificates
import Foundation

/// A directory that is removed with this object.
package final class TemporaryDirectory: Sendable {
    /// Absolute, without symbolic links and without a final slash.
    package let path: String

    /// Creates an empty directory with a unique name.
    package convenience init() throws {
        try self.init(in: NSTemporaryDirectory())
    }

    /// A directory in memory, if the system supports it, for tests that do not depend on durability.
    package static func inMemory() throws -> TemporaryDirectory {
        let memory = "/dev/shm"
        return try TemporaryDirectory(in: access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory())
    }

    private init(in parent: String) throws {
        var template = Array((parent + "/notafter-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let resolved = realpath(made, nil) else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }

    deinit {
        // A failure cannot be handled here, and the system cleans up its temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name`, which may contain slashes.
    package func path(of name: String) -> String {
        path + "/" + name
    }

    /// Writes `text` to `name`, replacing its content, and creates missing directories.
    ///
    /// - Returns: the file's path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes `bytes` to `name`, replacing its content, and creates missing directories.
    ///
    /// - Returns: the file's path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = URL(fileURLWithPath: path(of: name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    /// The content of `name` as text.
    package func read(_ name: String) throws -> String {
        try String(contentsOfFile: path(of: name), encoding: .utf8)
    }

    /// The content of `name`.
    package func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(of: name))))
    }

    /// Creates a directory with its missing parents.
    ///
    /// - Returns: the directory's path.
    @discardableResult
    package func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(of: name), withIntermediateDirectories: true)
        return path(of: name)
    }

    /// Creates or atomically replaces the symbolic link `name`, as Kubernetes does.
    package func link(_ name: String, to target: String) throws {
        let fresh = path(of: name) + ".new"
        guard symlink(target, fresh) == 0, rename(fresh, path(of: name)) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }

    /// Removes the file, link or tree `name`.
    package func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }

    /// Sets modification and access time of `name`, so that the file looks unchanged since then.
    package func setModified(_ name: String, to instant: Instant) throws {
        let time = timespec(tv_sec: Int(instant.seconds), tv_nsec: 0)
        guard utimensat(AT_FDCWD, path(of: name), [time, time], 0) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }
}
