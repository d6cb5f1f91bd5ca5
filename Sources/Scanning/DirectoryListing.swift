import Glibc

/// Identifies a file by device and inode.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// An open directory with its names, in the order of the paths below it.
final class DirectoryListing {
    /// The kind of a name's target, with links followed.
    enum Kind {
        /// A regular file according to the listing, which may be outdated.
        case file
        case directory
        case linkToDirectory
        /// A dangling link, or a name whose status cannot be read.
        case broken(SystemFailure)
        /// A FIFO, a socket or a device.
        case special
    }

    /// One name, as a range of `names`.
    struct Entry {
        let start: Int
        let count: Int
        let kind: Kind
    }

    let identity: FileIdentity
    private(set) var entries: [Entry] = []
    /// All names, each followed by a NUL.
    private var names: [UInt8] = []
    private let stream: OpaquePointer?
    let descriptor: Int32

    /// Opens the directory `name` in `parent` and reads the names that `isWanted` accepts, or looks up only
    /// `onlyNames`.
    init(
        openingAt parent: Int32, _ name: UnsafePointer<CChar>, onlyNames: [[UInt8]]?,
        isWanted: (Span<UInt8>) -> Bool
    ) throws(SystemFailure) {
        // Looking up single names needs only the permission to enter a directory, not to list it.
        let access = onlyNames == nil ? O_RDONLY : Self.pathOnly
        let opened = openat(parent, name, access | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard opened >= 0 else { throw .last }
        var status = stat()
        let stream = onlyNames == nil ? fdopendir(opened) : nil
        guard fstat(opened, &status) == 0, stream != nil || onlyNames != nil else {
            let failure = SystemFailure.last
            _ = stream.map(closedir) ?? close(opened)
            throw failure
        }
        self.stream = stream
        self.descriptor = opened
        self.identity = FileIdentity(status)
        if let stream {
            try list(stream, isWanted)
        }
        for name in onlyNames ?? [] {
            append(name.span, type: UInt8(DT_UNKNOWN))
        }
        sort()
    }

    deinit {
        _ = stream.map(closedir) ?? close(descriptor)
    }

    /// `O_PATH` of Linux, which Swift's Glibc module leaves out.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Calls `body` with the bytes of an entry's name.
    func withName<Result>(of entry: Entry, _ body: (Span<UInt8>) -> Result) -> Result {
        let names = names
        return body(names.span.extracting(entry.start..<(entry.start + entry.count)))
    }

    /// Calls `body` with an entry's name as a C string.
    func withSystemName<Result>(of entry: Entry, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withSystemName(from: entry.start, body)
    }

    private func withSystemName<Result>(from start: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        names.withUnsafeBytes { names in
            guard let base = names.baseAddress else { preconditionFailure("an entry's name is not empty") }
            return body((base + start).assumingMemoryBound(to: CChar.self))
        }
    }

    private func list(_ stream: OpaquePointer, _ isWanted: (Span<UInt8>) -> Bool) throws(SystemFailure) {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .last }
                return
            }
            // The record is only as long as its name, so the whole name field must not be copied.
            let field = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let length = strlen(field.assumingMemoryBound(to: CChar.self))
            let buffer = UnsafeBufferPointer(start: field.assumingMemoryBound(to: UInt8.self), count: length)
            let name = buffer.span
            let isSelfOrParent = buffer.elementsEqual(".".utf8) || buffer.elementsEqual("..".utf8)
            guard !name.isEmpty, !isSelfOrParent, isWanted(name) else { continue }
            append(name, type: entry.pointee.d_type)
        }
    }

    private func append(_ name: Span<UInt8>, type: UInt8) {
        let start = names.count
        name.withUnsafeBufferPointer { names.append(contentsOf: $0) }
        names.append(0)
        let kind: Kind?
        switch Int(type) {
        case Int(DT_REG): kind = .file
        case Int(DT_DIR): kind = .directory
        case Int(DT_LNK), Int(DT_UNKNOWN): kind = resolvedKind(from: start)
        default: kind = .special
        }
        guard let kind else { return }
        entries.append(Entry(start: start, count: name.count, kind: kind))
    }

    /// The kind of the name's target, and whether the name is a link; nil if there is no such name.
    private func resolvedKind(from start: Int) -> Kind? {
        var link = stat()
        var target = stat()
        let isThere = withSystemName(from: start) { fstatat(descriptor, $0, &link, AT_SYMLINK_NOFOLLOW) } == 0
        guard isThere else { return SystemFailure.last.isAbsence ? nil : .broken(.last) }
        guard withSystemName(from: start, { fstatat(descriptor, $0, &target, 0) }) == 0 else { return .broken(.last) }
        let isLink = link.st_mode & S_IFMT == S_IFLNK
        switch target.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return isLink ? .linkToDirectory : .directory
        default: return .special
        }
    }

    /// Sorts by the bytes of the resulting paths, so a directory's name counts with its trailing slash.
    private func sort() {
        names.withUnsafeBufferPointer { names in
            entries.sort { left, right in
                let common = min(left.count, right.count)
                for offset in 0..<common where names[left.start + offset] != names[right.start + offset] {
                    return names[left.start + offset] < names[right.start + offset]
                }
                return Self.byte(at: common, of: left, in: names) < Self.byte(at: common, of: right, in: names)
            }
        }
    }

    /// The byte after the common prefix of two names. The shorter name ends there, so a directory has its slash.
    private static func byte(at index: Int, of entry: Entry, in names: UnsafeBufferPointer<UInt8>) -> Int {
        if index < entry.count { return Int(names[entry.start + index]) }
        switch entry.kind {
        case .directory, .linkToDirectory: return Int(UInt8(ascii: "/"))
        case .file, .broken, .special: return -1
        }
    }
}
