import CertificateDecoding
import Certificates
import ExpiryRules
import LedgerStorage
import Probing

/// Turns what a probe saw into observations and a verdict in the ledger.
struct EndpointObserver {
    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource

    /// - Returns: the ids of the notices that were decided.
    func observe(_ report: ProbeReport) async throws -> [Int64] {
        try await recordChain(of: report) + recordVerdict(of: report)
    }

    /// The presented chains are observed like a file. Where none was seen, nothing is known and nothing changes.
    private func recordChain(of report: ProbeReport) async throws -> [Int64] {
        let presented = report.rounds.flatMap(\.presentedChain)
        guard !presented.isEmpty else { return [] }
        let source = SourceKey(kind: .endpoint, registration: report.name, place: report.url)
        var seen: Set<[UInt8]> = []
        let path = FilePath(report.url)
        let bundle = try CertificateDecoder().bundle(presented: presented.filter { seen.insert($0).inserted })
        let change = PathChange.read(
            path, changeKey: nil, sightings: bundle.certificates.map { .read($0) }, encodings: bundle.encodings,
            defects: bundle.defects.map { $0.naming(path) })
        return try await ledger.record([change], of: source, plan: plan, at: time.now)
            + ledger.finish(source, outcome: .seen, plan: plan, at: time.now)
    }

    private func recordVerdict(of report: ProbeReport) async throws -> [Int64] {
        let sight = EndpointSight(
            name: report.name, url: report.url, verdict: report.verdict.rawValue, trouble: trouble(in: report),
            report: try JSONText.of(report))
        return try await ledger.record(sight, plan: plan, at: time.now)
    }

    private func trouble(in report: ProbeReport) -> Finding? {
        guard !report.verdict.isGood else { return nil }
        return Finding(
            registration: report.name, code: .endpointFailing, place: report.name,
            severity: report.verdict == .inconclusive ? .warning : .critical,
            message: "\(report.name) (\(report.url)): \(report.worst.explanation) \(report.evidence)")
    }
}
