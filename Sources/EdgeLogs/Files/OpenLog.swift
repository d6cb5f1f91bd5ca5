import Certificates
import Glibc
import LedgerStorage

/// A log file that is open for reading.
final class OpenLog {
    /// What identifies a file, and how large it was.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let path: String
    let identity: Identity
    private let descriptor: Int32
    private(set) var offset: Int64
    /// The first bytes of the file, as they were read: once it is truncated, others are there.
    private var beginning: [UInt8]

    /// Opens the file at `path`.
    ///
    /// - Throws: `LogFailure`, also when it is not a regular file.
    init(_ path: String, from offset: Int64) throws(LogFailure) {
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        let descriptor = PathText.withSystemPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw LogFailure(path: path, errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = errno
            close(descriptor)
            throw LogFailure(path: path, errno: reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw LogFailure(path: path, errno: 0)
        }
        do throws(LogFailure) {
            beginning =
                offset == 0 ? [] : Array(try Self.beginning(of: descriptor, at: path).prefix(Int(clamping: offset)))
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.offset = offset
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    deinit { close(descriptor) }

    /// Reads the next bytes into `buffer`.
    ///
    /// - Returns: their number; 0 at the end.
    func read(into buffer: inout [UInt8]) throws(LogFailure) -> Int {
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        guard count >= 0 else {
            if errno == EINTR { return 0 }
            throw LogFailure(path: path, errno: errno)
        }
        if offset == Int64(beginning.count), beginning.count < LogPosition.beginningLimit {
            beginning += buffer.prefix(min(count, LogPosition.beginningLimit - beginning.count))
        }
        offset += Int64(count)
        return count
    }

    /// Whether the file begins as it did when it was read. A file that was truncated and has grown again does not.
    func beginsAsBefore() throws(LogFailure) -> Bool {
        try Self.beginning(of: descriptor, at: path).starts(with: beginning)
    }

    /// How far the file was read, up to the last whole line. `pending` bytes belong to a line that goes on.
    func position(pending: Int) -> LogPosition {
        // What comes after the position may still be written.
        let read = Int(min(offset - Int64(pending), Int64(LogPosition.beginningLimit)))
        return LogPosition(
            device: identity.device, inode: identity.inode, offset: offset - Int64(pending),
            beginning: Array(beginning.prefix(read)))
    }

    /// The first bytes of an open file.
    static func beginning(of descriptor: Int32, at path: String) throws(LogFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: LogPosition.beginningLimit)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw LogFailure(path: path, errno: errno) }
        return Array(bytes.prefix(count))
    }
}
