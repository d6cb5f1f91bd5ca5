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
    private let hystereses: [String: Hysteresis]

    init(ledger: Ledger, plan: WatchPlan, time: any TimeSource, endpoints: [Endpoint]) {
        self.ledger = ledger
        self.plan = plan
        self.time = time
        hystereses = Dictionary(endpoints.map { ($0.name, $0.hysteresis) }, uniquingKeysWith: { first, _ in first })
    }

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
        try await ledger.record([sight(of: report)], plan: plan, at: time.now)
    }

    private func sight(of report: ProbeReport) throws -> EndpointSight {
        var sight = EndpointSight(
            name: report.name, url: report.url, verdict: report.verdict.rawValue, state: report.verdict.state,
            trouble: trouble(in: report), hysteresis: hystereses[report.name] ?? Hysteresis(),
            report: try JSONText.of(report))
        let timings = report.worst.positive.timings
        sight.timings = PhaseTimings(
            nameLookup: timings.nameLookup, connect: timings.connect, tlsHandshake: timings.tlsHandshake,
            firstByte: timings.firstByte, total: timings.total)
        sight.foreseen = report.forebodings.map { foreboding in
            Finding(
                registration: report.name, code: foreboding.code, place: report.name,
                severity: foreboding.code.severity, message: "\(report.name) (\(report.url)): \(foreboding.message)")
        }
        sight.refuted = report.refuted
        return sight
    }

    private func trouble(in report: ProbeReport) -> Finding? {
        guard !report.verdict.isGood else { return nil }
        return Finding(
            registration: report.name, code: .endpointFailing, place: report.name,
            severity: report.verdict == .inconclusive ? .warning : .critical,
            message: "\(report.name) (\(report.url)): \(report.worst.explanation) \(report.evidence)")
    }
}

extension Verdict {
    /// What it says to those who are told.
    var state: EndpointState {
        if isGood { return .well }
        return self == .optional || self == .notEnforced ? .unprotected : .failing
    }
}
