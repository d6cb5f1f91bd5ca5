import CertificateDecoding
import Certificates
import ExpiryRules
import LedgerStorage
import Probing
import SourceReading

/// Records the results of probes in the ledger: the presented chains as observations, and the verdicts.
struct EndpointObserver {
    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource

    /// A commit costs more than recording one chain, but a long transaction makes other writers wait.
    private static let chainsInOneCommit = 100

    /// The names of the verdicts on endpoints that could not be reached.
    static let verdictsOfNoContact = [Verdict.unreachable, .timeout].map(\.rawValue)

    /// Records the chains that endpoints presented, and then their verdicts.
    ///
    /// - Returns: the ids of the notices that were decided.
    func observe(_ reports: [ProbeReport]) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for start in stride(from: 0, to: reports.count, by: Self.chainsInOneCommit) {
            noticeIDs += try await recordChains(of: Array(reports[start...].prefix(Self.chainsInOneCommit)))
        }
        return try await noticeIDs + recordVerdicts(of: reports)
    }

    /// Records verdicts in one transaction.
    ///
    /// - Returns: the ids of the notices that were decided.
    func recordVerdicts(of reports: [ProbeReport]) async throws -> [Int64] {
        try await ledger.record(reports.map(sight), plan: plan, at: time.now)
    }

    /// Records the presented chains like files. An endpoint that presented no chain keeps its earlier observation.
    ///
    /// - Returns: the ids of the notices that were decided.
    func recordChains(of reports: [ProbeReport]) async throws -> [Int64] {
        try await ledger.record(reports.compactMap(chain), plan: plan, at: time.now)
    }

    private func chain(of report: ProbeReport) throws -> (source: SourceKey, changes: [PathChange])? {
        let presented = report.rounds.flatMap(\.neededChain)
        guard !presented.isEmpty else { return nil }
        let source = SourceKey(kind: .endpoint, registration: report.name, place: report.url)
        var seen: Set<[UInt8]> = []
        let path = FilePath(report.url)
        let bundle = try CertificateDecoder().bundle(presented: presented.filter { seen.insert($0).inserted })
        let change = PathChange.read(
            path, changeKey: nil, sightings: bundle.certificates.map { .read($0) }, encodings: bundle.encodings,
            defects: bundle.defects.map { $0.naming(path) })
        return (source, [change])
    }

    private func sight(of report: ProbeReport) throws -> EndpointSight {
        var sight = EndpointSight(
            name: report.name, url: report.url, verdict: report.verdict.rawValue, state: report.verdict.state,
            trouble: trouble(in: report), hysteresis: report.hysteresis,
            report: try JSONText.of(report))
        sight.probedAt = report.probedAt
        sight.timings = report.worst.positive.timings
        sight.foreseen = report.predictedFindings.map { predictedFinding in
            Finding(
                registration: report.name, code: predictedFinding.code, place: report.name,
                severity: predictedFinding.code.severity,
                facts: .prediction(endpoint: report.name, url: report.url, predictedFinding.fact))
        }
        sight.refuted = report.refuted
        return sight
    }

    private func trouble(in report: ProbeReport) -> Finding? {
        guard !report.verdict.isGood else { return nil }
        return Finding(
            registration: report.name, code: .endpointFailing, place: report.name,
            severity: report.verdict == .inconclusive ? .warning : .critical,
            facts: .endpoint(report.endpointFacts))
    }
}

extension Verdict {
    /// The state of the endpoint in notices.
    var state: EndpointState {
        if isGood { return .well }
        return self == .optional || self == .notEnforced ? .unprotected : .failing
    }
}
