import Certificates

/// What is kept of an endpoint's past, oldest first.
package struct EndpointHistory: Hashable, Sendable {
    /// One round of probes.
    package struct Round: Hashable, Sendable {
        package let probedAt: Instant
        /// The verdict's name.
        package let verdict: String
        package let isGood: Bool
        /// Of the positive probe.
        package let timings: PhaseTimings
    }

    /// The rounds of one hour together.
    package struct Hour: Hashable, Sendable {
        package let beginning: Instant
        package let rounds: Int
        /// How many of them were good.
        package let good: Int
        /// Means over the good ones; nil when there was none.
        package let means: PhaseTimings?
        /// Milliseconds of the slowest, good or not.
        package let slowest: Int
    }

    /// Those of the last days.
    package var rounds: [Round] = []
    /// Those of the last months, the last days among them.
    package var hours: [Hour] = []
}

extension Ledger {
    /// What is kept of an endpoint's past: single rounds for some days, and sums over hours for some months.
    package func history(of endpoint: String) async throws -> EndpointHistory {
        try await engine.read { session in
            EndpointHistory(
                rounds: try rounds(of: endpoint, in: session), hours: try hours(of: endpoint, in: session))
        }
    }
}

private func rounds(of endpoint: String, in session: any SQLSession) throws -> [EndpointHistory.Round] {
    try session.query(
        """
        SELECT probed_at, verdict, is_good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms
        FROM probes WHERE endpoint = $1 ORDER BY probed_at
        """, [.text(endpoint)]
    ) { row in
        EndpointHistory.Round(
            probedAt: Instant(seconds: row.integer(0) ?? 0), verdict: row.text(1) ?? "", isGood: row.integer(2) == 1,
            timings: PhaseTimings(
                nameLookup: row.integer(3).map(Int.init), connect: row.integer(4).map(Int.init),
                tlsHandshake: row.integer(5).map(Int.init), firstByte: row.integer(6).map(Int.init),
                total: Int(row.integer(7) ?? 0)))
    }
}

/// An hour is either summed up or not; where one is both, as after a clock was set back, the parts are added.
private func hours(of endpoint: String, in session: any SQLSession) throws -> [EndpointHistory.Hour] {
    try session.query(
        """
        SELECT hour, SUM(rounds), SUM(good), SUM(dns_ms), SUM(connect_ms), SUM(tls_ms), SUM(first_byte_ms),
            SUM(total_ms), MAX(slowest_ms)
        FROM (SELECT hour, rounds, good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, slowest_ms
                FROM probe_hours WHERE endpoint = $1
            UNION ALL \(ProbeHistory.hourlySums) WHERE endpoint = $1 GROUP BY probed_at / 3600 * 3600) AS parts
        GROUP BY hour ORDER BY hour
        """, [.text(endpoint)]
    ) { row in
        let numbers = (1...8).map { Int(row.integer($0) ?? 0) }
        let good = numbers[1]
        let means = numbers[2..<7].map { good == 0 ? 0 : ($0 + good / 2) / good }
        return EndpointHistory.Hour(
            beginning: Instant(seconds: row.integer(0) ?? 0), rounds: numbers[0], good: good,
            means: good == 0
                ? nil
                : PhaseTimings(
                    nameLookup: means[0], connect: means[1], tlsHandshake: means[2], firstByte: means[3],
                    total: means[4]),
            slowest: numbers[7])
    }
}
