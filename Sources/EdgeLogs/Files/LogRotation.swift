import Certificates
import Glibc
import LedgerStorage

/// Finds where a log goes on after it was rotated: by renaming (logrotate's `create`) or by copying and truncating
/// (`copytruncate`).
struct LogRotation {
    /// A file to read from an offset on.
    struct Segment: Hashable {
        let path: String
        let offset: Int64
        /// The file at the path; nil for the log itself, which may be replaced at any time.
        var identity: OpenLog.Identity?
    }

    /// The file at a path.
    private struct Found {
        let path: String
        let identity: OpenLog.Identity
        let size: Int64
        /// Nanoseconds since 1970.
        let modified: Int64
    }

    /// What cannot be read as text.
    private static let compressed = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".Z"]

    let path: String

    /// The files to read after `position`, the oldest first and the log itself last. Only the log itself while it was not
    /// rotated, or when the rotated file is gone or was compressed already.
    func segments(after position: LogPosition?) -> [Segment] {
        let start = [Segment(path: path, offset: 0)]
        guard let position else { return start }
        if let current = Self.found(at: path), goesOn(current, position) {
            return [Segment(path: path, offset: position.offset)]
        }
        let siblings = siblings()
        // A copy has another inode, and the same beginning.
        let rotated =
            siblings.first { $0.identity == Self.identity(of: position) && goesOn($0, position) }
            ?? siblings.filter { $0.identity != Self.identity(of: position) && goesOn($0, position, isCopy: true) }
            .max { $0.modified < $1.modified }
        guard let rotated else { return start }
        let later = siblings.filter { $0.modified > rotated.modified && $0.path != rotated.path }
        return [Segment(path: rotated.path, offset: position.offset, identity: rotated.identity)]
            + later.sorted { $0.modified < $1.modified }.map {
                Segment(path: $0.path, offset: 0, identity: $0.identity)
            } + start
    }

    private static func identity(of position: LogPosition) -> OpenLog.Identity {
        OpenLog.Identity(device: position.device, inode: position.inode)
    }

    /// Whether a file is the one that was read up to `position`, or a copy of it.
    private func goesOn(_ file: Found, _ position: LogPosition, isCopy: Bool = false) -> Bool {
        guard isCopy || file.identity == Self.identity(of: position), file.size >= position.offset else { return false }
        // Nothing tells a copy of an empty beginning from any other file.
        guard !isCopy || !position.beginning.isEmpty else { return false }
        return Self.beginning(of: file.path).starts(with: position.beginning)
    }

    private static func beginning(of path: String) -> [UInt8] {
        let descriptor = PathText.withSystemPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return (try? OpenLog.beginning(of: descriptor, at: path)) ?? []
    }

    /// The rotated files of the log: `access.log.1`, `access.log-20261128`.
    private func siblings() -> [Found] {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard let stream = PathText.withSystemPath(directory, { opendir($0) }) else { return [] }
        defer { closedir(stream) }
        var found: [Found] = []
        while let entry = readdir(stream) {
            let sibling = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { PathText.text(cString: $0) }
            }
            guard sibling.hasPrefix(name + ".") || sibling.hasPrefix(name + "-"),
                !Self.compressed.contains(where: sibling.hasSuffix)
            else { continue }
            found += [Self.found(at: slash == nil ? sibling : "\(directory)/\(sibling)")].compactMap(\.self)
        }
        return found
    }

    private static func found(at path: String) -> Found? {
        var status = stat()
        guard PathText.withSystemPath(path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Found(
            path: path, identity: OpenLog.Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }
}
