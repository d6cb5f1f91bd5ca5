import Glibc
import TestSupport

/// Runs a command without root's right to ignore permissions, so that they take effect in tests that run as root.
enum OrdinaryRights {
    /// A command that runs the command after it. Empty when it is not needed.
    static var wrapper: [String] {
        get throws {
            geteuid() == 0 ? [try RequiredTool("setpriv").path, "--bounding-set=-all", "--inh-caps=-all"] : []
        }
    }
}
