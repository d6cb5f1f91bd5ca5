import Certificates
import Foundation

/// A directory that lives as long as this object.
package final class TemporaryDirectory: Sendable {
    /// Absolute, free of symbolic links, without a final slash.
    package let path: String

    /// Makes an empty directory with a name of its own.
    package convenience init() throws {
        try self.init(in: NSTemporaryDirectory())
    }

    /// One that no disk slows down, where the system has such a place: for tests of what is written and never of how
    /// durable it is.
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
        // Nothing could be done about a failure here, and the system clears its temporary files itself.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name`, which may hold slashes.
    package func path(of name: String) -> String {
        path + "/" + name
    }

    /// Writes `text` in place of what `name` held, making directories on the way.
    ///
    /// - Returns: the file's path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes `bytes` in place of what `name` held, making directories on the way.
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

    /// The text that `name` holds.
    package func read(_ name: String) throws -> String {
        try String(contentsOfFile: path(of: name), encoding: .utf8)
    }

    /// What `name` holds.
    package func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(of: name))))
    }

    /// Makes a directory, and those on the way to it.
    ///
    /// - Returns: the directory's path.
    @discardableResult
    package func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(of: name), withIntermediateDirectories: true)
        return path(of: name)
    }

    /// Makes the symbolic link `name`, or puts it in place of the one that was there, in one step as Kubernetes does.
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

    /// Sets modification and access time of `name`, and so makes a file that has not changed lately.
    package func setModified(_ name: String, to instant: Instant) throws {
        let time = timespec(tv_sec: Int(instant.seconds), tv_nsec: 0)
        guard utimensat(AT_FDCWD, path(of: name), [time, time], 0) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }
}
