import Certificates

/// The rounds of an endpoint's probes: each one for some days, then sums over hours for some months, then nothing. So its
/// size has a bound, however often an endpoint is probed.
struct ProbeHistory {
    /// Single rounds.
    static let rawRetention = TimeSpan.days(3)
    static let hourlyRetention = TimeSpan.days(90)
    private static let hour: Int64 = 3_600

    /// Up to its WHERE. Times are those of the good rounds, since a bad one may have ended at any step; only the slowest is
    /// of them all.
    static let hourlySums: SQLText = """
        SELECT probed_at / 3600 * 3600 AS hour, COUNT(*) AS rounds, SUM(is_good) AS good,
            SUM(is_good * COALESCE(dns_ms, 0)) AS dns_ms, SUM(is_good * COALESCE(connect_ms, 0)) AS connect_ms,
            SUM(is_good * COALESCE(tls_ms, 0)) AS tls_ms, SUM(is_good * COALESCE(first_byte_ms, 0)) AS first_byte_ms,
            SUM(is_good * total_ms) AS total_ms, MAX(total_ms) AS slowest_ms
        FROM probes
        """

    let session: any SQLSession
    let now: Instant

    func add(_ sight: EndpointSight) throws {
        let timings = sight.timings
        try session.execute(
            """
            INSERT INTO probes(
                endpoint, probed_at, verdict, is_good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT(endpoint, probed_at) DO UPDATE SET verdict = $3, is_good = $4, dns_ms = $5, connect_ms = $6,
                tls_ms = $7, first_byte_ms = $8, total_ms = $9
            """,
            [
                .text(sight.name), .integer(now.seconds), .text(sight.verdict), .integer(sight.state == .well ? 1 : 0),
                SQLValue(timings.nameLookup.map(Int64.init)), SQLValue(timings.connect.map(Int64.init)),
                SQLValue(timings.tlsHandshake.map(Int64.init)), SQLValue(timings.firstByte.map(Int64.init)),
                SQLValue(timings.total),
            ])
        try condense(sight.name)
    }

    /// Whole hours that are old enough become sums. Looks at one row unless an hour is due.
    private func condense(_ endpoint: String) throws {
        let limit = (now - Self.rawRetention).seconds / Self.hour * Self.hour
        let oldest = try session.first(
            "SELECT MIN(probed_at) FROM probes WHERE endpoint = $1", [.text(endpoint)]
        ) { $0.integer(0) }
        guard let oldest = oldest ?? nil, oldest < limit else { return }
        try session.execute(
            """
            INSERT INTO probe_hours(
                endpoint, hour, rounds, good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, slowest_ms)
            SELECT $1, sums.* FROM (
                \(Self.hourlySums) WHERE endpoint = $1 AND probed_at < $2 GROUP BY probed_at / 3600 * 3600) AS sums
            WHERE TRUE
            ON CONFLICT(endpoint, hour) DO UPDATE SET rounds = probe_hours.rounds + excluded.rounds,
                good = probe_hours.good + excluded.good, dns_ms = probe_hours.dns_ms + excluded.dns_ms,
                connect_ms = probe_hours.connect_ms + excluded.connect_ms,
                tls_ms = probe_hours.tls_ms + excluded.tls_ms,
                first_byte_ms = probe_hours.first_byte_ms + excluded.first_byte_ms,
                total_ms = probe_hours.total_ms + excluded.total_ms,
                slowest_ms = CASE WHEN excluded.slowest_ms > probe_hours.slowest_ms
                    THEN excluded.slowest_ms ELSE probe_hours.slowest_ms END
            """, [.text(endpoint), .integer(limit)])
        try session.execute(
            "DELETE FROM probes WHERE endpoint = $1 AND probed_at < $2", [.text(endpoint), .integer(limit)])
        try session.execute(
            "DELETE FROM probe_hours WHERE endpoint = $1 AND hour < $2",
            [.text(endpoint), .integer((now - Self.hourlyRetention).seconds)])
    }
}
