import CertificateDecoding
import Certificates
import ExpiryRules
import LedgerStorage
import Scanning

/// Scans one source against the ledger's memory of it, page by page, and records what is new, changed or gone.
struct FileObserver {
    /// How much of the ledger's memory a scan holds at a time.
    private static let pageSize = 1_000

    let source: FileSource
    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource

    /// Another run that records the source meanwhile has the word: what this one saw may be older.
    ///
    /// - Returns: the ids of the notices that were decided; and the source, if it is still to be finished: where nothing is new,
    ///   that is done for all sources at once.
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
        // Whether a file may still be changing is a question to the machine's clock, also in a rehearsal.
        let scan = ScanInHand(
            SourceScan(
                source: source, decoder: try CertificateDecoder(keepsEncodings: true), fileClock: SystemTime().now))
        var batch = try await nextBatch(of: scan, after: nil)
        while batch.outcome == nil {
            // Files are read while what was read before is recorded, which changes nothing behind its position.
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
            let page = KnownPage(files: files.map(KnownFile.init), isLast: files.count < Self.pageSize)
            // A certificate that cannot be looked up is decoded once more, which costs time and loses nothing.
            return scan.scan.next(page: page, knows: { (try? memory.knows($0)) ?? false })
        }
    }
}

/// Carries a scan to the thread that goes on with it.
///
/// `@unchecked Sendable` because `observe` gives it to one closure at a time and waits for that closure's end.
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
    /// What a registration of `role` watches of it: the certificates in their order, then the revocation lists; or only
    /// those, beside which a CA may lie for whoever reads the file.
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
    /// The same, with the path before its sentence.
    package func naming(_ path: FilePath) -> Defect {
        Defect(reason, "\(path): \(message)")
    }
}
