import Certificates
import Glibc

/// A directory whose changes can change what a source contains.
struct WatchedDirectory: Hashable {
    let path: FilePath
    /// The only name that matters there; nil for all names.
    let name: [UInt8]?
}

extension FileSource {
    /// The directories to watch, at most `limit`. Links are followed as in a scan: a link that gets another target
    /// changes the directory that contains the link.
    ///
    /// - Returns: the directories, and whether these are all.
    func watchedDirectories(limit: Int) -> (directories: [WatchedDirectory], areAll: Bool) {
        let pattern = PathGlob(pattern)
        let root = FilePath(bytes: pattern.root)
        var directories = root.entriesOnTheWay
        var status = stat()
        let isDirectory =
            root.withSystemPath { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard isDirectory else { return (directories, true) }
        let glob = pattern.components.isEmpty ? PathGlob(everythingBelow: pattern.root) : pattern
        var areAll = true
        let walk = try? DirectoryWalk(
            glob, excluding: exclusion, limits: ScanLimits(),
            entered: { directory in
                areAll = directories.count < limit
                if areAll { directories.append(WatchedDirectory(path: directory, name: nil)) }
            })
        while areAll, walk?.next() != nil {}
        return (directories, areAll)
    }
}

extension FilePath {
    /// As many links as Linux follows in one path.
    private static let mostLinks = 40

    /// The directory entries on which the target of an absolute path depends: its own, and those of the links on the
    /// way to it. The last one is missing if the path does not exist.
    var entriesOnTheWay: [WatchedDirectory] {
        var entries: [WatchedDirectory] = []
        var remaining = Self.components(of: bytes[...])
        var directory: [[UInt8]] = []
        var links = 0
        while let component = remaining.popLast() {
            guard component != Array("..".utf8) else {
                _ = directory.popLast()
                continue
            }
            let parent = Self.absolute(directory)
            let path = Self.absolute(directory + [component])
            if let target = path.linkTarget, links < Self.mostLinks {
                links += 1
                entries.append(WatchedDirectory(path: parent, name: component))
                if target.first == UInt8(ascii: "/") { directory = [] }
                remaining += Self.components(of: target[...])
            } else if remaining.isEmpty || !path.exists {
                entries.append(WatchedDirectory(path: parent, name: component))
                break
            } else {
                directory.append(component)
            }
        }
        return entries
    }

    /// The components of a path, the last one first.
    private static func components(of path: ArraySlice<UInt8>) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != Array(".".utf8) }.reversed()
    }

    private static func absolute(_ components: [[UInt8]]) -> FilePath {
        FilePath(bytes: [UInt8(ascii: "/")] + components.joined(separator: [UInt8(ascii: "/")]))
    }

    private var exists: Bool { withSystemPath { access($0, F_OK) } == 0 }

    /// The target of a symbolic link as it is written; nil for anything else.
    private var linkTarget: [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = withSystemPath { readlink($0, start, buffer.count) }
            return count < 0 ? nil : buffer.prefix(count).map { UInt8(bitPattern: $0) }
        }
    }
}
