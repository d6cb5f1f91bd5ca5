import CertificateDecoding
import Certificates
import Glibc
import Scanning
import TestSupport

/// Scans one source repeatedly, with stored data as in the ledger.
final class ScanRun {
    /// The result of one scan, by path below the directory.
    struct Result {
        var read: [String: [Fingerprint]] = [:]
        var unreadable: [String: Defect.Reason] = [:]
        var skipped: [String: Defect.Reason] = [:]
        var defects: [String: [Defect.Reason]] = [:]
        var messages: [String] = []
        var gone: [String] = []
        var order: [FilePath] = []
        var outcome: ScanOutcome?
        var batches = 0
    }

    let directory: TemporaryDirectory
    private(set) var memory: [FilePath: ChangeKey?] = [:]
    private let decoder: CertificateDecoder
    private let pattern: String
    private let limits: ScanLimits
    private let pageSize: Int
    private let passphraseFile: FilePath?

    init(
        _ directory: TemporaryDirectory, _ pattern: String = "", limits: ScanLimits = ScanLimits(), pageSize: Int = 3,
        passphraseFile: String? = nil
    ) throws {
        self.directory = directory
        self.pattern = pattern.isEmpty ? directory.path : directory.path(of: pattern)
        self.limits = limits
        self.pageSize = pageSize
        self.passphraseFile = passphraseFile.map { FilePath(directory.path(of: $0)) }
        self.decoder = try CertificateDecoder()
    }

    /// Scans as if all files had been unchanged for a minute, unless `fileClock` is given.
    func scan(fileClock: Instant? = nil) -> Result {
        let clock = fileClock ?? Instant(seconds: Int64(time(nil)) + 60)
        let source = FileSource(
            registration: "test", pattern: PathPattern(pattern), passphraseFile: passphraseFile)
        let scan = SourceScan(source: source, decoder: decoder, limits: limits, fileClock: clock)
        let known = memory.keys.sorted().map { KnownFile(path: $0, changeKey: memory[$0] ?? nil) }
        var result = Result()
        var position: FilePath?
        while result.outcome == nil {
            let rest = known.drop { file in position.map { file.path <= $0 } ?? false }
            let page = KnownPage(files: Array(rest.prefix(pageSize)), isLast: rest.count <= pageSize)
            let batch = scan.next(page: page) { _ in false }
            position = batch.position ?? position
            result.outcome = batch.outcome
            result.batches += 1
            for event in batch.events { take(event, &result) }
        }
        return result
    }

    private func take(_ event: FileEvent, _ result: inout Result) {
        switch event {
        case .read(let path, let changeKey, let container):
            memory[path] = .some(changeKey)
            result.read[name(path)] = container.entries.map(\.fingerprint)
            if !container.defects.isEmpty { result.defects[name(path)] = container.defects.map(\.reason) }
            result.messages += container.defects.map(\.message)
            result.order.append(path)
        case .unreadable(let path, let defect):
            result.unreadable[name(path)] = defect.reason
            result.order.append(path)
        case .skipped(let path, let defect):
            result.skipped[name(path)] = defect.reason
            result.order.append(path)
        case .gone(let path):
            memory[path] = nil
            result.gone.append(name(path))
            result.order.append(path)
        }
    }

    private func name(_ path: FilePath) -> String {
        String(path.description.dropFirst(directory.path.utf8.count + 1))
    }
}
