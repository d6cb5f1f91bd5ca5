import Certificates
import Logging
import Scanning
import Synchronization

/// Watches the files of the daemon's sources, as far as the kernel can. Each pass scans them at its interval as well.
final class FileWatch: Sendable {
    private let changes: FileChanges?
    private let logger: Logger
    private let reported = Mutex<FileChanges.Coverage?>(nil)

    /// - Parameters:
    ///   - ledgerPath: the ledger's file. The daemon writes it, also where it lies beside the certificates.
    ///   - logger: gets what is not watched.
    init(ledgerPath: String, logger: Logger) {
        let ledger = FilePath(ledgerPath)
        changes = FileChanges(
            ignoring: ["", "-wal", "-shm", "-journal"].map { FilePath(bytes: ledger.bytes + Array($0.utf8)) })
        self.logger = logger
        guard changes == nil else { return }
        logger.warning(
            "files are not watched, so a change is seen at the next pass",
            metadata: ["reason": "the kernel gives no inotify instance (fs.inotify.max_user_instances)"])
    }

    /// Watches the directories of `sources`, and no others.
    func watch(_ sources: [FileSource]) async {
        guard let coverage = await changes?.watch(sources) else { return }
        let isNews = reported.withLock { reported in
            defer { reported = coverage }
            return reported?.partial != coverage.partial
        }
        guard isNews, !coverage.partial.isEmpty else { return }
        let names = Set(coverage.partial.map(\.registration)).sorted().joined(separator: ", ")
        logger.warning(
            "some directories are not watched, so a change there is seen at the next pass",
            metadata: [
                "registrations": "\(names)", "watched": "\(coverage.directories)",
                "reason": "too many directories (fs.inotify.max_user_watches)",
            ])
    }

    /// Calls `body` with the sources that may have changed, until the task is cancelled.
    func forEachChange(_ body: (Set<FileSource>) -> Void) async {
        guard let changes else { return }
        for await sources in changes.changes { body(sources) }
    }
}
