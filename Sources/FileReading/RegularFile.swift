import Glibc

/// A small file that people wrote, such as a configuration, a key or a secret: read whole, never past a limit, and never a
/// FIFO, a device or a socket, which could make the reader wait for ever.
package enum RegularFile {
    /// Why a file was not read.
    package enum Failure: Error, Hashable {
        case system(errno: Int32)
        case notRegular
        case tooLarge(limit: Int)

        /// A clause that follows the file's name.
        package var clause: String {
            switch self {
            case .system(let errno): "cannot be read: \(String(cString: strerror(errno)))"
            case .notRegular: "is not a regular file"
            case .tooLarge(let limit): "is larger than \(limit) bytes"
            }
        }

        /// Whether the file does not exist or is closed to this user, and so may be there for another.
        package var isAbsence: Bool {
            switch self {
            case .system(ENOENT), .system(ENOTDIR), .system(EACCES): true
            case .system, .notRegular, .tooLarge: false
            }
        }
    }

    /// What a file holds, and who has access to it.
    package struct Content {
        package let bytes: [UInt8]
        /// The lower nine bits of its mode.
        package let permissions: UInt16
    }

    /// The bytes of the file at `path`, symbolic links followed.
    ///
    /// - Throws: why it was not read.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        try content(of: path, limit: limit).bytes
    }

    /// The file at `path`, symbolic links followed.
    ///
    /// - Throws: why it was not read.
    package static func content(of path: String, limit: Int) throws(Failure) -> Content {
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }

        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .system(errno: errno)
            }
            guard count > 0 else { return Content(bytes: bytes, permissions: UInt16(status.st_mode & 0o777)) }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}
