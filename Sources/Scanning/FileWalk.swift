import Certificates
import Glibc

/// An item of a walk.
enum WalkItem {
    /// A regular file according to the directory listing, with links followed.
    case file(FilePath)
    /// A regular file that another one names (`FilePath.reference`).
    case referenced(FilePath)
    /// A name that belongs to the source but is not a regular file.
    case flawed(FilePath, Defect)
    /// A directory that was not read. No file below it counts as gone.
    case unlisted(FilePath, Defect)
    /// As `unlisted`, for a link out of the root whose target contains nothing that looks like a certificate.
    case bypassed(FilePath, Defect)

    /// Its position in the order of paths. A directory has the position of the paths below it.
    var position: FilePath {
        switch self {
        case .file(let path), .referenced(let path), .flawed(let path, _): path
        case .unlisted(let path, _), .bypassed(let path, _): FilePath(bytes: path.bytes + [UInt8(ascii: "/")])
        }
    }
}

/// The regular files of a source, in ascending order of their paths' bytes.
protocol FileWalk: AnyObject {
    /// The next item, or nil after the last.
    func next() -> WalkItem?

    /// The status of the file that `next` returned last; nil with `errno` set.
    func currentStatus() -> stat?

    /// Opens the file that `next` returned last without blocking, since it may have become a FIFO.
    ///
    /// - Returns: a descriptor, or -1 with `errno` set.
    func openCurrent() -> Int32
}

/// The flags with which every file is opened.
let readingFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

/// The walk of a source that is a single file.
final class SingleFileWalk: FileWalk {
    private let path: FilePath
    private var isOver = false

    init(path: FilePath) {
        self.path = path
    }

    func next() -> WalkItem? {
        defer { isOver = true }
        return isOver ? nil : .file(path)
    }

    func currentStatus() -> stat? {
        var status = stat()
        return path.withSystemPath { stat($0, &status) } == 0 ? status : nil
    }

    func openCurrent() -> Int32 {
        path.withSystemPath { open($0, readingFlags) }
    }
}

extension FilePath {
    /// Calls `body` with the path as a C string. An empty path means the working directory.
    func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let path = (bytes.isEmpty ? [UInt8(ascii: ".")] : bytes).map { CChar(bitPattern: $0) } + [0]
        return path.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a path ends with a NUL") }
            return body(base)
        }
    }

    /// The path with all links resolved; nil if the target does not exist.
    var resolved: FilePath? {
        guard let resolved = withSystemPath({ realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return FilePath(PathText.text(cString: resolved))
    }
}
