import Certificates

/// A look at the names below a link that leads out of a registered directory. Nothing is opened there: it only decides whether
/// the link is worth a person's attention.
enum OutsideLook {
    private static let depth = 6
    /// More names than any store of certificates has; a link to a whole file system is news by itself.
    private static let nameLimit = 4_096

    /// Whether a file that `glob` matches has a name that says certificate, or cannot be told from one.
    static func findsCertificates(_ glob: PathGlob) -> Bool {
        var limits = ScanLimits()
        limits.depth = depth
        let walk: DirectoryWalk
        do throws(SystemFailure) {
            // Links out of there may lead in a circle, and are left alone.
            walk = try DirectoryWalk(glob, limits: limits) { _ in false }
        } catch {
            // What is closed to us may hold anything.
            return !error.isAbsence
        }
        var count = 0
        while let item = walk.next() {
            count += 1
            guard count < nameLimit else { return true }
            switch item {
            case .file(let path), .referenced(let path):
                if glob.expectsCertificates(inFile: path) { return true }
            case .flawed, .bypassed: continue
            case .unlisted(let path, let defect):
                if defect.reason == .permissionDenied, PlaceName.mayHoldCertificates(directory: path) { return true }
            }
        }
        return false
    }
}
