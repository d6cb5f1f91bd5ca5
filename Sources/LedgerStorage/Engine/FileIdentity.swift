import Glibc

/// Device and inode of the file at a path. They show whether the file was replaced.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt

    /// nil when the path names no file, or cannot be followed. Symbolic links are followed, as SQLite does.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
    }
}
