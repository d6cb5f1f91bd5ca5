import CertificateDecoding
import Certificates
import CurlBinding
import ExpiryRules
import Fetching
import LedgerStorage

/// Asks commands and URLs for what they hold, and records it like a file's content.
struct FetchObserver {
    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource
    private let commands = CommandFetcher()
    private let urls: URLFetcher

    init(ledger: Ledger, plan: WatchPlan, time: any TimeSource, transfers: TransferLoop) {
        self.ledger = ledger
        self.plan = plan
        self.time = time
        self.urls = URLFetcher(loop: transfers)
    }

    /// - Returns: the ids of the notices that were decided.
    func observe(_ source: CommandSource) async throws -> [Int64] {
        try await record(await commands.fetch(source), of: source.key)
    }

    /// - Returns: the ids of the notices that were decided.
    func observe(_ source: URLSource) async throws -> [Int64] {
        let known = try await ledger.recalling(source.key) { try $0.files(after: nil, limit: 1).first?.changeKey }
        return try await record(await urls.fetch(source, validator: known ?? nil), of: source.key)
    }

    private func record(_ fetched: Fetched, of key: SourceKey) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        let path = FilePath(key.place)
        let outcome: SourceOutcome
        switch fetched {
        case .content(let bytes, let validator):
            let container = try CertificateDecoder(keepsEncodings: true).decode(bytes.span)
            let change = PathChange.read(
                path, changeKey: validator,
                sightings: container.sightings(for: plan.registration(named: key.registration)?.role),
                encodings: container.encodings,
                defects: container.defects.map { $0.naming(path) })
            noticeIDs += try await ledger.record([change], of: key, plan: plan, at: time.now)
            outcome = .seen
        case .unchanged: outcome = .seen
        case .failed(let defect): outcome = .lost(defect.naming(path))
        }
        return try await noticeIDs + ledger.finish(key, outcome: outcome, plan: plan, at: time.now)
    }
}

extension CommandSource {
    var key: SourceKey {
        SourceKey(kind: .command, registration: registration, place: place)
    }
}

extension URLSource {
    var key: SourceKey {
        SourceKey(kind: .url, registration: registration, place: place)
    }
}
