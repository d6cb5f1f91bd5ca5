import Certificates
import Glibc

/// The error of a system call, and what it means for a path.
struct SystemFailure: Error {
    let code: Int32

    /// Takes the error that the last call on this thread has left.
    static var last: SystemFailure { SystemFailure(code: errno) }

    /// Whether the path was not there at all.
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
