import Certificates
import Glibc

/// The start of a source's scan: a walk, or the reason why there is none.
enum SourceRoot {
    case open(any FileWalk)
    case lost(Defect)

    /// Opens the file or directory that `pattern` names.
    init(_ pattern: PathPattern, excluding exclusion: PathExclusion = .none, limits: ScanLimits) {
        let glob = PathGlob(pattern)
        guard glob.components.isEmpty else {
            self = Self.directory(glob, exclusion, limits)
            return
        }
        let path = FilePath(bytes: glob.root)
        var status = stat()
        guard path.withSystemPath({ stat($0, &status) }) == 0 else {
            self = .lost(Self.defect(of: path, .last))
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: self = Self.directory(PathGlob(everythingBelow: glob.root), exclusion, limits)
        case S_IFREG: self = .open(SingleFileWalk(path: path))
        default: self = .lost(Defect(.notRegularFile, "it is neither a regular file nor a directory"))
        }
    }

    private static func directory(
        _ glob: PathGlob, _ exclusion: PathExclusion, _ limits: ScanLimits
    ) -> SourceRoot {
        do throws(SystemFailure) {
            return .open(try DirectoryWalk(glob, excluding: exclusion, limits: limits))
        } catch {
            return .lost(error.defect(cannot: "be listed"))
        }
    }

    /// Distinguishes a dangling link from a path that does not exist.
    private static func defect(of path: FilePath, _ failure: SystemFailure) -> Defect {
        var status = stat()
        let isLink = failure.isAbsence && path.withSystemPath { lstat($0, &status) } == 0
        return isLink
            ? Defect(.danglingLink, "it is a link that leads nowhere") : failure.defect(cannot: "be looked at")
    }
}
