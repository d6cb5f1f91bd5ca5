import Certificates
import Glibc

/// Reads small files such as configurations, keys and secrets: whole, up to a limit, and never from a FIFO, a device or
/// a socket, which could block the reader forever.
package enum RegularFile {
    /// Why a file was not read.
    package enum Failure: Error, Hashable {
        case system(errno: Int32)
        case directory
        /// A FIFO, a socket or a device.
        case notRegular
        case tooLarge(limit: Int)

        /// A clause to follow the file's name.
        package var clause: String {
            switch self {
            case .system(ENOENT), .system(ENOTDIR): "does not exist"
            case .system(let errno): "cannot be read: \(String(cString: strerror(errno)))"
            case .directory: "is a directory"
            case .notRegular: "is not a regular file"
            case .tooLarge(let limit): "is larger than \(limit) bytes"
            }
        }

        /// Whether the file does not exist or this user may not read it. Another user may be able to read it.
        package var isAbsence: Bool {
            switch self {
            case .system(ENOENT), .system(ENOTDIR), .system(EACCES): true
            case .system, .directory, .notRegular, .tooLarge: false
            }
        }
    }

    /// The content of a file, and who may access it.
    package struct Content {
        package let bytes: [UInt8]
        package let access: Access
    }

    /// The permissions and the owner of a file.
    package struct Access: Hashable, Sendable {
        /// The lower nine bits of its mode.
        package let permissions: UInt16
        package let owner: UInt32

        package init(permissions: UInt16, owner: UInt32) {
            self.permissions = permissions
            self.owner = owner
        }

        /// Whether users other than the intended ones may access a secret in the file. A group may read a file of
        /// root's, as Debian's ssl-cert does and PostgreSQL allows: only root can have given it to the group.
        package var isOpenToOthers: Bool {
            permissions & (owner == 0 ? 0o026 : 0o066) != 0
        }

        /// The mode in octal, such as `0644`.
        package var mode: String {
            let digits = String(permissions, radix: 8)
            return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }

    /// The bytes of the file at `path`. Symbolic links are followed.
    ///
    /// - Throws: the reason why it was not read.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        try content(of: path, limit: limit).bytes
    }

    /// The content of the file at `path`, and who may access it. Symbolic links are followed.
    ///
    /// - Throws: the reason why it was not read.
    package static func content(of path: String, limit: Int) throws(Failure) -> Content {
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        let descriptor = PathText.withSystemPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw .system(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw status.st_mode & S_IFMT == S_IFDIR ? Failure.directory : Failure.notRegular
        }

        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .system(errno: errno)
            }
            guard count > 0 else { return Content(bytes: bytes, access: Access(status)) }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}

extension RegularFile.Access {
    fileprivate init(_ status: stat) {
        self.init(permissions: UInt16(status.st_mode & 0o777), owner: status.st_uid)
    }
}
