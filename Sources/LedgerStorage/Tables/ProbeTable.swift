import Certificates

/// The only writer of `probes`: single probe rounds, kept for some days.
struct ProbeTable {
    let session: any SQLSession

    /// Records one round.
    func add(_ sight: EndpointSight, at now: Instant) throws {
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
    }

    /// The time of the oldest round; nil without one.
    func oldest(of endpoint: String) throws -> Instant? {
        try session.one("SELECT MIN(probed_at) FROM probes WHERE endpoint = $1", [.text(endpoint)]) {
            $0.optionalInstant()
        } ?? nil
    }

    /// Deletes the rounds before an instant.
    func forget(of endpoint: String, before limit: Instant) throws {
        try session.execute(
            "DELETE FROM probes WHERE endpoint = $1 AND probed_at < $2", [.text(endpoint), .integer(limit.seconds)])
    }

    /// Deletes all rounds of endpoints.
    func forget(_ names: [String]) throws {
        try session.execute(
            "DELETE FROM probes WHERE endpoint IN (\(SQLList.elements(of: "$1")))", [.list(texts: names)])
    }
}

extension SQLSession {
    /// The table `probes`.
    var probes: ProbeTable { ProbeTable(session: self) }
}
