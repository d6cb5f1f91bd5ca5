import Certificates
import Glibc

/// A ledger that other users can read or change, though it names hosts, owners and receivers.
struct LedgerAccess {
    private let file: String
    /// In octal, such as `0644`.
    let mode: String

    /// - Returns: nil where only the owner has access, and where there is no ledger.
    init?(ofFile file: String) {
        var status = stat()
        guard PathText.withSystemPath(file, { stat($0, &status) }) == 0, status.st_mode & 0o077 != 0 else { return nil }
        let digits = String(status.st_mode & 0o777, radix: 8)
        self.file = file
        mode = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    var trouble: String { "other users have access to \(file) (mode \(mode))" }

    var remedy: String { "chmod 600 \(file)" }
}
