import CertificateDecoding
import Certificates
import ExpiryRules
import LedgerStorage
import Scanning

/// Scans one source and compares it with the ledger's memory, page by page. It records what is new, changed or gone.
struct FileObserver {
    /// How many remembered files a scan loads at a time.
    private static let pageSize = 1_000

    let source: FileSource
    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource
    let progress: WorkProgress

    /// Observes the source. If another run records it meanwhile, that result wins, because this one may be older.
    ///
    /// - Returns: the ids of the notices that were decided, and the source if it is not finished yet. Sources without
    ///   changes are finished together, in one transaction.
    func observe() async throws -> (noticeIDs: [Int64], unfinished: FinishedSource?) {
        var noticeIDs: [Int64] = []
        do {
            let unfinished = try await scan(into: &noticeIDs)
            return (noticeIDs, unfinished)
        } catch is StaleObservation {
            return (noticeIDs, nil)
        }
    }

    private func scan(into noticeIDs: inout [Int64]) async throws -> FinishedSource? {
        let revisionBefore = try await ledger.revision(of: source.key)
        var revision = revisionBefore
        // Whether a file may still be changing depends on the machine's clock, also in a rehearsal.
        let scan = ScanInHand(
            SourceScan(
                source: source, decoder: try CertificateDecoder(keepsEncodings: true), fileClock: SystemTime().now))
        var batch = try await nextBatch(of: scan, after: nil)
        while batch.outcome == nil {
            // The next files are read while this batch is recorded. Recording changes nothing beyond the batch's
            // position.
            let position = batch.position
            async let next = nextBatch(of: scan, after: position)
            noticeIDs += try await record(batch, since: &revision)
            batch = try await next
        }
        noticeIDs += try await record(batch, since: &revision)
        guard let outcome = batch.outcome.map({ SourceOutcome($0, of: source) }) else { return nil }
        guard revision != revisionBefore else {
            return FinishedSource(key: source.key, outcome: outcome, revision: revision)
        }
        noticeIDs += try await ledger.finish(
            source.key, outcome: outcome, since: revision, plan: plan, at: time.now)
        return nil
    }

    private func record(_ batch: ScanBatch, since revision: inout SourceRevision) async throws -> [Int64] {
        guard !batch.events.isEmpty else { return [] }
        let role = plan.registration(named: source.registration)?.role
        let noticeIDs = try await ledger.record(
            batch.events.map { PathChange($0, for: role) }, of: source.key, since: revision, plan: plan, at: time.now)
        revision = revision.next
        return noticeIDs
    }

    private func nextBatch(of scan: ScanInHand, after position: FilePath?) async throws -> ScanBatch {
        try await ledger.recalling(source.key) { memory in
            let files = try memory.files(after: position, limit: Self.pageSize)
            let seenBefore = scan.scan.fileCount
            defer { progress.advance(by: scan.scan.fileCount - seenBefore) }
            let page = KnownPage(files: files.map(KnownFile.init), isLast: files.count < Self.pageSize)
            // A certificate that cannot be looked up is decoded again, which costs only time.
            return scan.scan.next(page: page, knows: { (try? memory.knows($0)) ?? false })
        }
    }
}

/// Passes a scan on to the thread that continues it.
///
/// `@unchecked Sendable` because `observe` gives it to one closure at a time and waits until that closure returns.
private final class ScanInHand: @unchecked Sendable {
    let scan: SourceScan

    init(_ scan: SourceScan) {
        self.scan = scan
    }
}

extension KnownFile {
    fileprivate init(_ file: RememberedFile) {
        self.init(path: file.path, changeKey: file.changeKey.flatMap(ChangeKey.init(bytes:)))
    }
}

extension PathChange {
    fileprivate init(_ event: FileEvent, for role: Role?) {
        self =
            switch event {
            case .read(let path, let changeKey, let container):
                .read(
                    path, changeKey: changeKey?.bytes, sightings: container.sightings(for: role),
                    encodings: container.encodings, defects: container.defects.map { $0.naming(path) })
            case .unreadable(let path, let defect): .unreadable(path, defect.naming(path))
            case .skipped(let path, let defect): .skipped(path, defect.naming(path))
            case .gone(let path): .gone(path)
            }
    }
}

extension DecodedContainer {
    /// What a registration of `role` watches in the container: the certificates in their order, then the revocation
    /// lists. An entry of `revocation_lists` watches only the lists; a CA in the same file is there for other readers.
    func sightings(for role: Role?) -> [Sighting] {
        (role == .revocationList ? [] : entries) + revocationLists.map { .read(.revocationList($0)) }
    }
}

extension SourceOutcome {
    fileprivate init(_ outcome: ScanOutcome, of source: FileSource) {
        self =
            switch outcome {
            case .seen: .seen
            case .lost(let defect): .lost(defect.naming(FilePath(source.pattern.text)))
            }
    }
}

extension Defect {
    /// The same defect, with the path at the start of its message.
    package func naming(_ path: FilePath) -> Defect {
        Defect(reason, "\(path): \(message)")
    }
}
