import Certificates
import Glibc

/// The error of a system call on a path.
struct SystemFailure: Error {
    let code: Int32

    /// The error of the last call on this thread.
    static var last: SystemFailure { SystemFailure(code: errno) }

    /// Whether the path does not exist.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

    /// The defect of a path at which `action` failed, such as `be opened`.
    func defect(cannot action: String) -> Defect {
        let text = String(cString: strerror(code))
        return switch code {
        case ENOENT, ENOTDIR: Defect(.notFound, "it does not exist")
        case EACCES, EPERM: Defect(.permissionDenied, "it cannot \(action): \(text)")
        case ELOOP: Defect(.danglingLink, "it is a link that leads in a circle")
        default: Defect(.readFailed, "it cannot \(action): \(text)")
        }
    }
}
