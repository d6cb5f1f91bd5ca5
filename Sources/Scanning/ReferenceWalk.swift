import Certificates
import Glibc

/// A walk that also visits files that other files name, at any path.
///
/// Their places begin with the path of the file that names them (`FilePath.referring`), so that they follow it in the
/// order of paths and the walk stays sorted. Files that they name in turn are not visited, so that there are no loops.
final class ReferenceWalk: FileWalk {
    private struct Reference {
        let place: FilePath
        let target: FilePath
    }

    private let walk: any FileWalk
    /// The next item of the walk, which waits until the references before it were returned.
    private var ahead: WalkItem?
    /// In descending order of their places.
    private var references: [Reference] = []
    private var current: Reference?

    init(_ walk: any FileWalk) {
        self.walk = walk
    }

    /// Adds the files that `referrer` names to the walk. `next` must have returned `referrer` last.
    func follow(_ files: [FilePath], from referrer: FilePath) {
        guard !files.isEmpty else { return }
        for target in Set(files.map(referrer.sibling)) {
            references.append(Reference(place: referrer.referring(to: target), target: target))
        }
        references.sort { $0.place > $1.place }
    }

    func next() -> WalkItem? {
        current = nil
        if ahead == nil { ahead = walk.next() }
        guard let reference = references.last, ahead.map({ reference.place < $0.position }) ?? true else {
            defer { ahead = nil }
            return ahead
        }
        references.removeLast()
        current = reference
        switch reference.target.regularStatus {
        case .success: return .referenced(reference.place)
        case .failure(let flaw): return .flawed(reference.place, flaw.defect)
        }
    }

    func currentStatus() -> stat? {
        guard let current else { return walk.currentStatus() }
        return try? current.target.regularStatus.get()
    }

    func openCurrent() -> Int32 {
        guard let current else { return walk.openCurrent() }
        return current.target.withSystemPath { open($0, readingFlags) }
    }
}

extension FilePath {
    /// The status of a regular file, with links followed. Other kinds of files are not opened: the path is untrusted,
    /// and opening a device can have side effects.
    fileprivate var regularStatus: Result<stat, FileReader.Failure> {
        var status = stat()
        guard withSystemPath({ stat($0, &status) }) == 0 else {
            return .failure(FileReader.Failure(defect: SystemFailure.last.defect(cannot: "be looked at")))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .failure(
                FileReader.Failure(defect: Defect(.notRegularFile, "it is no regular file and was not opened")))
        }
        return .success(status)
    }

    /// Opens the file with the flags of all walks.
    func openedIfRegular() throws(FileReader.Failure) -> Int32 {
        _ = try regularStatus.get()
        return withSystemPath { open($0, readingFlags) }
    }
}
