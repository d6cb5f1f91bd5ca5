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

    /// The presented chain is observed like a file. Where none was seen, nothing is known and nothing changes.
    private func recordChain(of report: ProbeReport) async throws -> [Int64] {
        guard !report.presentedChain.isEmpty else { return [] }
        let source = SourceKey(kind: .endpoint, registration: report.name, place: report.url)
        let path = FilePath(report.url)
        let bundle = try CertificateDecoder().bundle(presented: report.presentedChain)
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
            message: "\(report.name) (\(report.url)): \(report.verdict.explanation) \(report.evidence)")
    }
}

extension ProbeReport {
    /// What the probes met, in one sentence: `With the certificate: unknown_ca (alert 48); without it: refused.`
    package var evidence: String {
        let with = "With the certificate: \(positive.evidence)"
        return negative.map { "\(with); without it: \($0.evidence)." } ?? "\(with)."
    }
}

extension ProbeResult {
    fileprivate var evidence: String {
        let details = [status.map { "HTTP \($0)" }, alert.map { "alert \($0)" }, rayID.map { "ray \($0)" }, message]
        let known = details.compactMap(\.self)
        return outcome.rawValue + (known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
    }
}
