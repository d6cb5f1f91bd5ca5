import Certificates
import Glibc

/// What a walk comes upon.
enum WalkItem {
    /// A regular file, links followed, as far as the directory can tell.
    case file(FilePath)
    /// A regular file that another one names (`FilePath.reference`).
    case referenced(FilePath)
    /// A name that belongs to the source and leads to no regular file.
    case flawed(FilePath, Defect)
    /// A directory that was not looked into: of what lies below it, nothing is known to be gone.
    case unlisted(FilePath, Defect)
    /// As `unlisted`, for a link out of the root below which nothing looks like a certificate.
    case bypassed(FilePath, Defect)

    /// Its place among the paths: what is said of a directory comes where the paths below it would.
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

    /// What the kernel tells of the file that `next` returned last; nil with `errno` set.
    func currentStatus() -> stat?

    /// Opens the file that `next` returned last, without waiting for anything (it may be a FIFO by now).
    ///
    /// - Returns: a descriptor, or -1 with `errno` set.
    func openCurrent() -> Int32
}

/// How every file is opened.
let readingFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

/// The walk of a source that is a single file, named outright.
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
    /// Lends the path as the system calls take it; an empty one is the working directory.
    func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let path = (bytes.isEmpty ? [UInt8(ascii: ".")] : bytes).map { CChar(bitPattern: $0) } + [0]
        return path.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a path ends with a NUL") }
            return body(base)
        }
    }

    /// The path with all links resolved; nil where it leads nowhere.
    var resolved: FilePath? {
        guard let resolved = withSystemPath({ realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return FilePath(PathText.text(cString: resolved))
    }
}
