import CertificateDecoding
import Certificates
import ExpiryRules
import LedgerStorage
import Scanning

extension FileSource: Source {
    /// How many remembered files a scan loads at a time.
    private static let pageSize = 1_000

    package var key: SourceKey { SourceKey(kind: .file, registration: registration, place: pattern.text) }

    /// Scans the place and compares it with the ledger's memory, page by page.
    package func observe(by recorder: SourceRecorder) async throws -> SourceOutcome {
        let scan = ScanInHand(
            SourceScan(
                source: self, decoder: try CertificateDecoder(keepsEncodings: true),
                fileClock: recorder.observer.fileClock()))
        var batch = try await Self.nextBatch(of: scan, after: nil, by: recorder)
        while true {
            let changes = batch.events.map { PathChange($0, for: recorder.role) }
            if let outcome = batch.outcome {
                try await recorder.record(changes)
                return SourceOutcome(outcome, of: self)
            }
            // The next files are read while this batch is recorded. Recording changes nothing beyond the batch's
            // position.
            let position = batch.position
            async let next = Self.nextBatch(of: scan, after: position, by: recorder)
            try await recorder.record(changes)
            batch = try await next
        }
    }

    private static func nextBatch(
        of scan: ScanInHand, after position: FilePath?, by recorder: SourceRecorder
    ) async throws -> ScanBatch {
        try await recorder.recalling { memory in
            let seenBefore = scan.scan.fileCount
            defer { recorder.observer.noteFiles(scan.scan.fileCount - seenBefore) }
            let files = try memory.files(after: position, limit: pageSize)
            let page = KnownPage(files: files.map(KnownFile.init), isLast: files.count < pageSize)
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

extension SourceOutcome {
    fileprivate init(_ outcome: ScanOutcome, of source: FileSource) {
        self =
            switch outcome {
            case .seen: .seen
            case .lost(let defect): .lost(defect.naming(FilePath(source.pattern.text)))
            }
    }
}
