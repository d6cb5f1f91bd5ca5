import Certificates

/// Looks at the names below a link that leads out of a registered directory, without opening a file. It only decides
/// whether the link is reported.
enum OutsideReading {
    private static let depth = 6
    /// More names than any store of certificates has. A link to a whole file system is always reported.
    private static let nameLimit = 4_096

    /// Whether `glob` matches a file whose name suggests a certificate or does not rule it out.
    static func findsCertificates(_ glob: PathGlob) -> Bool {
        var limits = ScanLimits()
        limits.depth = depth
        let walk: DirectoryWalk
        do throws(SystemFailure) {
            // Further links out of the target are not followed, since they may form a loop.
            walk = try DirectoryWalk(glob, limits: limits) { _ in false }
        } catch {
            // A directory without access may contain anything.
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
