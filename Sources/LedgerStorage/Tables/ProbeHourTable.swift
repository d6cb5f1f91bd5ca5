import Certificates

/// The only writer of `probe_hours`: hourly sums over probe rounds, kept for some months.
struct ProbeHourTable {
    let session: any SQLSession

    /// Adds the rounds of an endpoint before `limit`, which must be the end of an hour.
    func addRounds(of endpoint: String, before limit: Instant) throws {
        try session.execute(
            """
            INSERT INTO probe_hours(
                endpoint, hour, rounds, good, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, slowest_ms)
            SELECT $1, sums.* FROM (
                \(ProbeSums.hourlyInSQL) WHERE endpoint = $1 AND probed_at < $2 GROUP BY probed_at / 3600 * 3600) AS sums
            WHERE TRUE
            ON CONFLICT(endpoint, hour) DO UPDATE SET rounds = probe_hours.rounds + excluded.rounds,
                good = probe_hours.good + excluded.good, dns_ms = probe_hours.dns_ms + excluded.dns_ms,
                connect_ms = probe_hours.connect_ms + excluded.connect_ms,
                tls_ms = probe_hours.tls_ms + excluded.tls_ms,
                first_byte_ms = probe_hours.first_byte_ms + excluded.first_byte_ms,
                total_ms = probe_hours.total_ms + excluded.total_ms,
                slowest_ms = CASE WHEN excluded.slowest_ms > probe_hours.slowest_ms
                    THEN excluded.slowest_ms ELSE probe_hours.slowest_ms END
            """, [.text(endpoint), .integer(limit.seconds)])
    }

    /// Deletes the hours before an instant.
    func forget(of endpoint: String, before limit: Instant) throws {
        try session.execute(
            "DELETE FROM probe_hours WHERE endpoint = $1 AND hour < $2", [.text(endpoint), .integer(limit.seconds)])
    }

    /// Deletes all hours of endpoints.
    func forget(_ names: [String]) throws {
        try session.execute(
            "DELETE FROM probe_hours WHERE endpoint IN (\(SQLList.elements(of: "$1")))", [.list(texts: names)])
    }
}

extension SQLSession {
    /// The table `probe_hours`.
    var probeHours: ProbeHourTable { ProbeHourTable(session: self) }
}
