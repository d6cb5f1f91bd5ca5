import Glibc
import TestSupport

/// Runs a command without root's right to ignore permissions, so that they mean something in tests that run as root.
enum OrdinaryRights {
    /// A command that runs the command that follows it; empty where it is not needed.
    static var wrapper: [String] {
        get throws {
            geteuid() == 0 ? [try RequiredTool("setpriv").path, "--bounding-set=-all", "--inh-caps=-all"] : []
        }
    }
}
