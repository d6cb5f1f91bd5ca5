import CertificateDecoding
import Certificates
import CurlBinding
import ExpiryRules
import Fetching
import LedgerStorage

/// Fetches the output of commands and the content of URLs, and records it like a file's content.
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
        let revision = try await ledger.revision(of: source.key)
        return try await record(await commands.fetch(source), of: source.key, since: revision)
    }

    /// - Returns: the ids of the notices that were decided.
    func observe(_ source: URLSource) async throws -> [Int64] {
        let revision = try await ledger.revision(of: source.key)
        let known = try await ledger.recalling(source.key) { try $0.files(after: nil, limit: 1).first?.changeKey }
        return try await record(
            await urls.fetch(source, validator: known ?? nil), of: source.key, since: revision)
    }

    /// If another run recorded the source meanwhile, its result wins, because this one may be older.
    private func record(
        _ fetched: Fetched, of key: SourceKey, since revision: SourceRevision
    ) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        do {
            try await record(fetched, of: key, since: revision, into: &noticeIDs)
        } catch is StaleObservation {}
        return noticeIDs
    }

    private func record(
        _ fetched: Fetched, of key: SourceKey, since revision: SourceRevision, into noticeIDs: inout [Int64]
    ) async throws {
        var revision = revision
        let path = FilePath(key.place)
        let outcome: SourceOutcome
        switch fetched {
        case .content(let bytes, let validator):
            var container = try CertificateDecoder(keepsEncodings: true).decode(bytes.span)
            if container == DecodedContainer() {
                container.defects = [Defect(.noCertificate, ForeignContent(of: bytes.span).sentence)]
            }
            let change = PathChange.read(
                path, changeKey: validator,
                sightings: container.sightings(for: plan.registration(named: key.registration)?.role),
                encodings: container.encodings,
                defects: container.defects.map { $0.naming(path) })
            noticeIDs += try await ledger.record([change], of: key, since: revision, plan: plan, at: time.now)
            revision = revision.next
            outcome = .seen
        case .unchanged: outcome = .seen
        case .failed(let defect): outcome = .lost(defect.naming(path))
        }
        noticeIDs += try await ledger.finish(key, outcome: outcome, since: revision, plan: plan, at: time.now)
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
