import Certificates
import ExpiryRules

/// What a round of probes found at one endpoint.
package struct EndpointSight: Hashable, Sendable {
    package let name: String
    package let url: String
    /// The verdict's name.
    package let verdict: String
    /// Why it is not what it must be; nil when it is.
    package let trouble: Finding?
    /// The probes as JSON, for people who ask later.
    package let report: String

    package init(name: String, url: String, verdict: String, trouble: Finding?, report: String) {
        self.name = name
        self.url = url
        self.verdict = verdict
        self.trouble = trouble
        self.report = report
    }
}

extension Ledger {
    /// How long single probes are kept.
    private static let probeRetention = TimeSpan.days(30)

    /// Records a verdict, and opens or closes the endpoint's finding.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func record(_ sight: EndpointSight, plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            let verdictBefore = try session.first(
                "SELECT verdict FROM endpoints WHERE name = $1", [.text(sight.name)]
            ) { $0.text(0) ?? "" }
            try session.execute(
                """
                INSERT INTO endpoints(name, url, verdict, since, probed_at) VALUES($1, $2, $3, $4, $4)
                ON CONFLICT(name) DO UPDATE SET url = $2, verdict = $3, probed_at = $4,
                    since = CASE WHEN endpoints.verdict = $3 THEN endpoints.since ELSE $4 END
                """, [.text(sight.name), .text(sight.url), .text(sight.verdict), .integer(now.seconds)])
            try session.execute(
                "INSERT INTO probes(endpoint, probed_at, verdict, report) VALUES($1, $2, $3, $4)",
                [.text(sight.name), .integer(now.seconds), .text(sight.verdict), .text(sight.report)])
            try session.execute(
                "DELETE FROM probes WHERE endpoint = $1 AND probed_at < $2",
                [.text(sight.name), .integer((now - Self.probeRetention).seconds)])
            let findings = FindingWriter(session: session, plan: plan, now: now)
            guard let trouble = sight.trouble else {
                return try findings.close(registration: sight.name, code: .endpointFailing, place: sight.name)
            }
            // Unreachable yesterday and open to everybody today is news.
            return try sight.verdict == verdictBefore ? findings.open(trouble) : findings.change(to: trouble)
        }
    }
}
