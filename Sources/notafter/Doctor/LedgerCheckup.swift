import Certificates
import Foundation
import LedgerStorage

/// Whether a ledger can be used by this user.
struct LedgerCheckup {
    private static let leastSpace: Int64 = 100 << 20

    private let file: String

    init(_ file: String) {
        self.file = file
    }

    private var directory: String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Opens the ledger for reading, looks at its permissions, and at the space of its file system.
    func checks(at now: Instant) async -> [DoctorCheck] {
        [await openingCheck(at: now), permissionCheck(), modeCheck(), spaceCheck()].compactMap(\.self)
    }

    private func isPermitted(_ path: String, _ mode: Int32) -> Bool {
        PathText.withSystemPath(path) { access($0, mode) } == 0
    }

    private func openingCheck(at now: Instant) async -> DoctorCheck? {
        guard isPermitted(file, F_OK) else {
            return isPermitted(directory, W_OK | X_OK)
                ? .ok("ledger", "\(file) does not exist yet; the first scan makes it") : nil
        }
        do {
            let lastPass = try await Ledger(readingSQLiteFile: file).lastPass()
            guard let lastPass, lastPass > now else {
                return .ok("ledger", "\(file) can be used; the last pass was \(lastPass.map { "at \($0)" } ?? "never")")
            }
            return .failure(
                "ledger", "\(file) has a pass at \(lastPass), which is after the clock's \(now)",
                next: "Set the clock: what was notified too early is withdrawn by the next pass.")
        } catch {
            return .failure(
                "ledger", "\(error)",
                next: "Restore a backup (docs/operations.md), or name another ledger with state.")
        }
    }

    private func permissionCheck() -> DoctorCheck? {
        let isThere = isPermitted(file, F_OK)
        guard isThere ? isPermitted(file, R_OK | W_OK) : true, isPermitted(directory, W_OK | X_OK) else {
            let name = isThere && !isPermitted(file, W_OK) ? file : directory
            return .failure(
                "ledger", "\(name) cannot be written by this user",
                next: "Give it to the user that runs notafter, or run this as that user.")
        }
        return nil
    }

    private func modeCheck() -> DoctorCheck? {
        LedgerAccess(ofFile: file).map { access in
            .warning("ledger", access.trouble, next: access.remedy)
        }
    }

    private func spaceCheck() -> DoctorCheck? {
        guard
            let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory),
            let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value
        else { return nil }
        let text = "\(free >> 20) MiB are free for the ledger"
        return free >= Self.leastSpace
            ? .ok("space", text)
            : .warning(
                "space", text, next: "Make room on the file system of \(directory): a full disk stops all alerts.")
    }
}
