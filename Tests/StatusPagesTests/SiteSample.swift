import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport

@testable import StatusPages

/// A ledger with certificates, a CA, an endpoint, a refusing receiver and a silence, and the site over it.
final class SiteSample: Sendable {
    let directory: TemporaryDirectory
    let ledger: Ledger
    let work = DatabaseWork()
    let site: StatusSite
    let time = ManualTime(Instant(seconds: 1_800_000_000))
    let plan: WatchPlan

    init(owner: String = "platform", labels: [String: String] = ["team": "edge"]) async throws {
        directory = try TemporaryDirectory()
        ledger = Ledger(engine: try SQLiteEngine(path: directory.path(of: "ledger.db"), counting: work))
        site = try StatusSite(ledger: ledger)
        plan = WatchPlan(
            registrations: [
                Registration(name: "fleet", role: .client, owner: owner, labels: labels),
                Registration(name: "root-ca", role: .ca, hostnames: ["api.example.com"]),
                Registration(name: "api", role: .server, endpoint: "api"),
            ],
            route: Route(receivers: ["ops"]))
        try await ledger.reconcileReceivers([("ops", [0])], plan: plan, at: time.now)
    }

    var settings: SiteSettings {
        SiteSettings(plan: plan, endpoints: ["api"], receivers: ["ops"], interval: .hours(1), version: "0.1.0")
    }

    /// One good pass that sees these certificates, one in each file.
    func see(_ certificates: [Certificate], of registration: String = "fleet", named prefix: String = "") async throws {
        let source = SourceKey(kind: .file, registration: registration, place: "/pki/\(registration)")
        let run = try await ledger.beginRun(at: time.now)
        let changes = certificates.enumerated().map { index, certificate in
            PathChange.read(
                FilePath("\(prefix)\(index).pem"), changeKey: [1], sightings: [.read(certificate)], defects: [])
        }
        _ = try await ledger.record(changes, of: source, plan: plan, at: time.now)
        _ = try await ledger.finish(source, outcome: .seen, plan: plan, at: time.now)
        _ = try await ledger.decideDue(plan: plan, at: time.now)
        try await ledger.finishRun(run, at: time.now)
    }

    func certificate(
        _ seed: UInt32, daysLeft: Int64, isCA: Bool = false, subject: String? = nil, alternativeNames: [String] = []
    ) -> Certificate {
        .sample(
            seed, notBefore: time.now - .days(200), notAfter: time.now + .days(daysLeft), isCA: isCA, subject: subject,
            alternativeNames: alternativeNames)
    }

    /// Records a round of probes of the endpoint.
    func probe(_ verdict: String, name: String = "api", isGood: Bool = true, message: String = "") async throws {
        let report = """
            {"positive": {"outcome": "accepted", "status": 200, "tls_version": "TLSv1.3", "message": \(Self.json(message)),
            "timings_ms": {"dns": 1, "connect": 2, "tls": 12, "first_byte": 5, "total": 20}},
            "negative": {"outcome": "refused_no_certificate", "alert": 116, "alert_name": "certificate_required"}}
            """
        var sight = EndpointSight(
            name: name, url: "https://api.example.com/", verdict: verdict, state: isGood ? .well : .failing,
            trouble: isGood
                ? nil
                : Finding(
                    registration: name, code: .endpointFailing, place: name, severity: .critical,
                    facts: .recorded("the endpoint \(name) refuses us: \(message)")),
            hysteresis: Hysteresis(failuresBeforeAlert: 1, successesBeforeResolve: 1), report: report)
        sight.timings = PhaseTimings(nameLookup: 1, connect: 2, tlsHandshake: 12, firstByte: 5, total: 20)
        _ = try await ledger.record([sight], plan: plan, at: time.now)
    }

    private static func json(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
                ? "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16) : String(scalar)
        }
        return "\"\(escaped.joined())\""
    }

    /// Attempts everything that is due, with this outcome.
    func deliver(_ outcome: AttemptOutcome, detail: String = "") async throws {
        let terms = ClaimTerms(lease: TimeSpan(seconds: 60), batching: nil, holdsUnknown: false)
        while let claim = try await ledger.claim(
            for: "ops", at: time.now, boot: BootTime(bootID: "boot", seconds: 0), terms: terms, plan: plan,
            render: { content in
                FrozenMessage(
                    identifier: content.notices.map(\.identity.subject.text).joined(), isMinimal: content.isMinimal,
                    body: [1])
            })
        {
            let settlement = Settlement(
                outcome: outcome, consequence: outcome == .delivered ? .delivered : .park(time.now + .days(1)),
                evidence: .answered, status: outcome == .delivered ? 204 : 400, detail: detail, milliseconds: 3)
            try await ledger.settle(claim, with: settlement, at: time.now)
        }
    }

    func page(_ path: String, query: String? = nil, language: Language = .english) async throws -> RenderedPage {
        try await site.page(
            PageAddress(path: path, query: query), settings: settings, language: language, at: time.now)
    }
}
