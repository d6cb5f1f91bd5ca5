import Certificates

extension Ledger {
    /// The stored probes of an endpoint: single rounds of some days, and hourly sums of some months.
    package func history(of endpoint: String) async throws -> EndpointHistory {
        try await engine.read { session in
            EndpointHistory(
                rounds: try rounds(of: endpoint, in: session), hours: try hours(of: endpoint, in: session))
        }
    }
}

private func rounds(of endpoint: String, in session: any SQLSession) throws -> [EndpointHistory.Round] {
    try session.all(
        """
        SELECT probed_at, verdict, is_good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms
        FROM probes WHERE endpoint = $1 ORDER BY probed_at
        """, [.text(endpoint)]
    ) { row in
        EndpointHistory.Round(
            probedAt: try row.instant(), verdict: try row.text(), isGood: try row.flag(),
            timings: PhaseTimings(
                nameLookup: row.optionalCount(), connect: row.optionalCount(), tlsHandshake: row.optionalCount(),
                firstByte: row.optionalCount(), total: try row.count()))
    }
}

/// The hours of an endpoint. An hour normally has either single rounds or a sum. After the clock was set back it can
/// have both, which are added.
private func hours(of endpoint: String, in session: any SQLSession) throws -> [EndpointHistory.Hour] {
    try session.all(
        """
        SELECT hour, SUM(rounds), SUM(good), SUM(dns_ms), SUM(connect_ms), SUM(tls_ms), SUM(first_byte_ms),
            SUM(total_ms), MAX(slowest_ms)
        FROM (SELECT hour, rounds, good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, slowest_ms
                FROM probe_hours WHERE endpoint = $1
            UNION ALL \(ProbeSums.hourlyInSQL) WHERE endpoint = $1 GROUP BY probed_at / 3600 * 3600) AS parts
        GROUP BY hour ORDER BY hour
        """, [.text(endpoint)]
    ) { row in
        let hour = try row.instant()
        let numbers = try (1...8).map { _ in try row.count() }
        let good = numbers[1]
        let means = numbers[2..<7].map { good == 0 ? 0 : ($0 + good / 2) / good }
        return EndpointHistory.Hour(
            beginning: hour, rounds: numbers[0], good: good,
            means: good == 0
                ? nil
                : PhaseTimings(
                    nameLookup: means[0], connect: means[1], tlsHandshake: means[2], firstByte: means[3],
                    total: means[4]),
            slowest: numbers[7])
    }
}
