import Certificates
import ExpiryRules

extension Ledger {
    /// Endpoints with their last rounds, by name.
    ///
    /// - Parameters:
    ///   - name: the name after which to begin; empty for the first page.
    ///   - limit: how many at most.
    /// - Returns: the endpoints that were probed.
    /// - Throws: `LedgerError`.
    package func endpointOverviews(after name: String = "", limit: Int) async throws -> [EndpointOverview] {
        try await engine.read { try EndpointOverviewReader(session: $0).overviews(after: name, limit: limit) }
    }

    /// One endpoint with its last rounds; nil when it was never probed.
    package func endpointOverview(of name: String) async throws -> EndpointOverview? {
        try await engine.read { try EndpointOverviewReader(session: $0).overview(of: name) }
    }
}

/// Reads endpoints and the end of their histories.
private struct EndpointOverviewReader {
    let session: any SQLSession

    private static let columns: SQLText = "e.name, e.url, e.verdict, e.state, e.since, e.probed_at, e.report"

    func overviews(after name: String, limit: Int) throws -> [EndpointOverview] {
        try withRounds(
            try session.all(
                "SELECT \(Self.columns) FROM endpoints e WHERE e.name > $1 ORDER BY e.name LIMIT $2",
                [.text(name), SQLValue(limit)], Self.overview))
    }

    func overview(of name: String) throws -> EndpointOverview? {
        try withRounds(
            try session.all("SELECT \(Self.columns) FROM endpoints e WHERE e.name = $1", [.text(name)], Self.overview)
        ).first
    }

    private static func overview(from row: inout RowReader) throws -> EndpointOverview {
        EndpointOverview(
            name: try row.text(), url: try row.text(), verdict: try row.text(), state: try row.value(),
            since: try row.instant(), probedAt: try row.instant(), report: try row.text())
    }

    /// Reads the last rounds of all of them by one statement.
    private func withRounds(_ endpoints: [EndpointOverview]) throws -> [EndpointOverview] {
        let rows = try session.all(
            """
            SELECT p.endpoint, p.probed_at, p.verdict, p.is_good, p.dns_ms, p.connect_ms, p.tls_ms, p.first_byte_ms,
                p.total_ms
            FROM (\(SQLList.elements(of: "$1"))) e CROSS JOIN probes p
            WHERE p.endpoint = e.value AND p.probed_at >= coalesce((
                SELECT q.probed_at FROM probes q WHERE q.endpoint = e.value ORDER BY q.probed_at DESC LIMIT 1 OFFSET $2), 0)
            ORDER BY p.endpoint, p.probed_at
            """, [.list(texts: endpoints.map(\.name)), SQLValue(EndpointOverview.roundLimit - 1)]
        ) { row in
            let endpoint = try row.text()
            let round = EndpointHistory.Round(
                probedAt: try row.instant(), verdict: try row.text(), isGood: try row.flag(),
                timings: PhaseTimings(
                    nameLookup: row.optionalCount(), connect: row.optionalCount(), tlsHandshake: row.optionalCount(),
                    firstByte: row.optionalCount(), total: try row.count()))
            return (endpoint, round)
        }
        let rounds = Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
        return endpoints.map { endpoint in
            var endpoint = endpoint
            endpoint.rounds = rounds[endpoint.name] ?? []
            return endpoint
        }
    }
}
