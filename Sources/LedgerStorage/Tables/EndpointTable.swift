import Certificates
import ExpiryRules

/// The only writer of `endpoints`: the result of the last round of probes, and the confirmed state of each endpoint.
struct EndpointTable {
    let session: any SQLSession

    /// The confirmed state of an endpoint.
    func standing(of endpoint: String) throws -> Hysteresis.Standing {
        try session.one(
            "SELECT state, candidate, contradictions FROM endpoints WHERE name = $1", [.text(endpoint)]
        ) { row in
            let state = try row.value(EndpointState.self)
            return Hysteresis.Standing(
                state, candidate: try row.value(EndpointState.self), contradictions: try row.count())
        } ?? Hysteresis.Standing(.well)
    }

    /// Records a round, and the state after it.
    func store(_ sight: EndpointSight, _ standing: Hysteresis.Standing, probedAt: Instant) throws {
        try session.execute(
            """
            INSERT INTO endpoints(name, url, verdict, since, probed_at, state, candidate, contradictions, report)
            VALUES($1, $2, $3, $4, $4, $5, $6, $7, $8)
            ON CONFLICT(name) DO UPDATE SET url = $2, verdict = $3, probed_at = $4, state = $5, candidate = $6,
                contradictions = $7, report = $8,
                since = CASE WHEN endpoints.verdict = $3 THEN endpoints.since ELSE $4 END
            """,
            [
                .text(sight.name), .text(sight.url), .text(sight.verdict), .integer(probedAt.seconds),
                .text(standing.state.rawValue), .text(standing.candidate.rawValue), SQLValue(standing.contradictions),
                .text(sight.report),
            ])
    }

    /// The number of endpoints, and how many of them ended their last round with one of `verdicts`.
    func counts(endingWith verdicts: [String]) throws -> (all: Int, ended: Int) {
        try session.one(
            """
            SELECT count(*), count(CASE WHEN verdict IN (\(SQLList.elements(of: "$1"))) THEN 1 END) FROM endpoints
            """, [.list(texts: verdicts)]
        ) { (all: try $0.count(), ended: try $0.count()) } ?? (0, 0)
    }

    /// The names of all stored endpoints.
    func names() throws -> [String] {
        try session.all("SELECT name FROM endpoints") { try $0.text() }
    }

    /// Deletes endpoints.
    func forget(_ names: [String]) throws {
        try session.execute(
            "DELETE FROM endpoints WHERE name IN (\(SQLList.elements(of: "$1")))", [.list(texts: names)])
    }
}

extension SQLSession {
    /// The table `endpoints`.
    var endpoints: EndpointTable { EndpointTable(session: self) }
}
