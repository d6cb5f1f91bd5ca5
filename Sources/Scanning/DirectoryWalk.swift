import Certificates
import Glibc

/// Walks the files below a directory that match a pattern, depth first.
///
/// A link to a file is followed to any target. A link to a directory is followed only inside the root, and only if the
/// pattern has a component for it or if it is the only way to files in the hidden directories of Kubernetes
/// (`PathGlob`). Other directories inside the root are reached under their own names. So the walk never follows a loop
/// of links.
final class DirectoryWalk: FileWalk {
    /// A directory on the path to the current file.
    private struct Level {
        let listing: DirectoryListing
        /// The path before its names, with a final slash.
        let prefix: [UInt8]
        let expected: PathGlob.Expected
        /// Whether a link under `**` led here.
        let isBehindLink: Bool
        var next = 0
    }

    private let glob: PathGlob
    private let exclusion: PathExclusion
    private let limits: ScanLimits
    private let resolvedRoot: FilePath?
    private let findsCertificates: (PathGlob) -> Bool
    private let entered: (FilePath) -> Void
    private var levels: [Level] = []
    private var current: (listing: DirectoryListing, entry: DirectoryListing.Entry)?
    private var visitedBehindLinks: Set<FileIdentity> = []

    /// Opens the root of `glob`.
    ///
    /// - Parameters:
    ///   - glob: the pattern of the source.
    ///   - exclusion: what is left out below the root.
    ///   - limits: the limits of the scan.
    ///   - findsCertificates: whether the target of a link out of the root contains anything that looks like a
    ///     certificate.
    ///   - entered: is called with each directory whose names the walk reads.
    /// - Throws: why the root cannot be listed.
    init(
        _ glob: PathGlob, excluding exclusion: PathExclusion = .none, limits: ScanLimits,
        findsCertificates: @escaping (PathGlob) -> Bool = OutsideReading.findsCertificates,
        entered: @escaping (FilePath) -> Void = { _ in }
    ) throws(SystemFailure) {
        self.glob = glob
        self.exclusion = exclusion
        self.limits = limits
        self.findsCertificates = findsCertificates
        self.entered = entered
        let root = FilePath(bytes: glob.root)
        self.resolvedRoot = root.resolved
        let expected = glob.expectedBelowRoot
        let name = root.bytes.isEmpty ? FilePath(".") : root
        let listing = try Self.listing(of: glob, at: AT_FDCWD, name, expected: expected)
        let prefix = root.bytes.isEmpty ? [] : root.appending([]).bytes
        levels = [Level(listing: listing, prefix: prefix, expected: expected, isBehindLink: false)]
        entered(name)
    }

    func next() -> WalkItem? {
        current = nil
        while let level = levels.last {
            guard level.next < level.listing.entries.count else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].next += 1
            if let item = item(level.listing.entries[level.next], in: level) { return item }
        }
        return nil
    }

    func currentStatus() -> stat? {
        guard let current else { return nil }
        var status = stat()
        let result = current.listing.withSystemName(of: current.entry) {
            fstatat(current.listing.descriptor, $0, &status, 0)
        }
        return result == 0 ? status : nil
    }

    func openCurrent() -> Int32 {
        guard let current else {
            errno = ENOENT
            return -1
        }
        return current.listing.withSystemName(of: current.entry) {
            openat(current.listing.descriptor, $0, readingFlags)
        }
    }

    /// The item for an entry; nil for a directory that is entered, and for an entry that the pattern does not match or that is excluded.
    private func item(_ entry: DirectoryListing.Entry, in level: Level) -> WalkItem? {
        if !exclusion.isEmpty, exclusion.excludes(path(of: entry, in: level)) { return nil }
        let belongs = level.listing.withName(of: entry) { glob.matchesFile($0, expected: level.expected) }
        switch entry.kind {
        case .file:
            guard belongs else { return nil }
            current = (level.listing, entry)
            return .file(path(of: entry, in: level))
        case .directory: return enter(entry, in: level, isBehindLink: level.isBehindLink)
        case .linkToDirectory: return follow(entry, in: level)
        case .special:
            let defect = Defect(.notRegularFile, "it is no regular file and was not opened")
            return belongs ? .flawed(path(of: entry, in: level), defect) : nil
        case .broken(let failure):
            guard belongs else { return nil }
            let defect =
                failure.isAbsence
                ? Defect(.danglingLink, "it is a link that leads nowhere") : failure.defect(cannot: "be looked at")
            return .flawed(path(of: entry, in: level), defect)
        }
    }

    private func path(of entry: DirectoryListing.Entry, in level: Level) -> FilePath {
        level.listing.withName(of: entry) { name in
            let bytes = [UInt8](unsafeUninitializedCapacity: level.prefix.count + name.count) { buffer, count in
                for byte in level.prefix { buffer[count] = byte; count += 1 }
                for index in name.indices { buffer[count] = name[index]; count += 1 }
            }
            return FilePath(bytes: bytes)
        }
    }
}

extension DirectoryWalk {
    private static func listing(
        of glob: PathGlob, at parent: Int32, _ name: FilePath, expected: PathGlob.Expected
    ) throws(SystemFailure) -> DirectoryListing {
        let listing = name.withSystemPath { name in
            Result { () throws(SystemFailure) in
                try DirectoryListing(
                    openingAt: parent, name, onlyNames: glob.onlyNames(expected: expected),
                    isWanted: { name in
                        glob.matchesFile(name, expected: expected)
                            || !glob.expected(inDirectory: name, expected: expected).isEmpty
                    })
            }
        }
        return try listing.get()
    }

    /// Enters a directory.
    ///
    /// - Returns: nil, or why it cannot be listed.
    private func enter(_ entry: DirectoryListing.Entry, in level: Level, isBehindLink: Bool) -> WalkItem? {
        let name = level.listing.withName(of: entry) { name in FilePath(bytes: name.indices.map { name[$0] }) }
        let expected = glob.expected(inDirectory: name.bytes.span, expected: level.expected)
        guard !expected.isEmpty else { return nil }
        let path = path(of: entry, in: level)
        guard levels.count <= limits.depth else {
            return .unlisted(path, Defect(.tooDeep, "it is more than \(limits.depth) directories deep"))
        }
        do throws(SystemFailure) {
            let listing = try Self.listing(of: glob, at: level.listing.descriptor, name, expected: expected)
            if isBehindLink, !visitedBehindLinks.insert(listing.identity).inserted { return nil }
            levels.append(
                Level(
                    listing: listing, prefix: path.bytes + [UInt8(ascii: "/")], expected: expected,
                    isBehindLink: isBehindLink))
            entered(path)
            return nil
        } catch {
            return error.isAbsence ? nil : .unlisted(path, error.defect(cannot: "be listed"))
        }
    }

    private func follow(_ entry: DirectoryListing.Entry, in level: Level) -> WalkItem? {
        let (isExpected, isCalledFor) = level.listing.withName(of: entry) { name in
            (
                !glob.expected(inDirectory: name, expected: level.expected).isEmpty,
                glob.callsForDirectory(name, expected: level.expected)
            )
        }
        guard isExpected else { return nil }
        let path = path(of: entry, in: level)
        guard let target = path.resolved else {
            // The target is missing or not accessible; the system's error says which.
            let failure = SystemFailure.last
            return .unlisted(
                path,
                failure.isAbsence
                    ? Defect(.danglingLink, "it is a link that leads nowhere") : failure.defect(cannot: "be followed"))
        }
        guard let resolvedRoot, target.isWithin(resolvedRoot) else {
            return unfollowed(entry, in: level, at: path, to: target)
        }
        if isCalledFor { return enter(entry, in: level, isBehindLink: level.isBehindLink) }
        let below = target.bytes.dropFirst(resolvedRoot.bytes.count).split(separator: UInt8(ascii: "/"))
        guard below.contains(where: { PathGlob.isInternal(Array($0).span) }) else { return nil }
        return enter(entry, in: level, isBehindLink: true)
    }
    /// The item for a link out of the root.
    private func unfollowed(
        _ entry: DirectoryListing.Entry, in level: Level, at path: FilePath, to target: FilePath
    ) -> WalkItem {
        let defect = Defect(
            .linkOutsideRoot,
            "it is a link to \(target), out of the registered directory, and not followed; register that")
        let expected = level.listing.withName(of: entry) { name in
            glob.expected(inDirectory: name, expected: level.expected)
        }
        let holdsCertificates = glob.rest(of: expected, at: target.bytes).contains(where: findsCertificates)
        return holdsCertificates ? .unlisted(path, defect) : .bypassed(path, defect)
    }
}
