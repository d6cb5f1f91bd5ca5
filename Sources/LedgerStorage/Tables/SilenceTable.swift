import Certificates
import ExpiryRules

/// The only writer of `silences`.
struct SilenceTable {
    let session: any SQLSession

    /// Begins a silence.
    func insert(_ terms: SilenceTerms, at now: Instant) throws -> Silence {
        let id = try session.one(
            """
            INSERT INTO silences(matchers, fingerprint, author, reason, created_at, ends_at)
            VALUES($1, $2, $3, $4, $5, $6) RETURNING id
            """,
            [
                .text(terms.matchers.texts.joined(separator: Self.separator)), SQLValue(terms.fingerprint?.bytes),
                .text(terms.author), .text(terms.reason), .integer(now.seconds), .integer(terms.endsAt.seconds),
            ]
        ) { try $0.integer() }
        guard let id else { throw LedgerError("the ledger did not take a silence") }
        return Silence(id: id, terms: terms, createdAt: now, ending: nil)
    }

    /// The silences that are active at `now`.
    func active(at now: Instant) throws -> [Silence] {
        try silences(where: Silence.isActiveInSQL(now: "$1"), [.integer(now.seconds)])
    }

    /// All stored silences, the oldest first.
    func all() throws -> [Silence] { try silences(where: "1 = 1", []) }

    /// nil for an unknown id.
    func silence(_ id: Int64) throws -> Silence? { try silences(where: "s.id = $1", [.integer(id)]).first }

    /// Ends a silence early.
    func end(_ id: Int64, at now: Instant, because: Silence.Reason) throws {
        try session.execute(
            "UPDATE silences SET ended_at = $1, ended_because = $2 WHERE id = $3 AND ended_at IS NULL AND ends_at > $1",
            [.integer(now.seconds), .text(because.rawValue), .integer(id)])
    }

    /// Ends the silences that match only this certificate or list, which has ended.
    func endAll(about fingerprint: Fingerprint, at now: Instant) throws {
        try session.execute(
            """
            UPDATE silences SET ended_at = $1, ended_because = $2
            WHERE fingerprint = $3 AND ended_at IS NULL AND ends_at > $1
            """,
            [
                .integer(now.seconds), .text(Silence.Reason.certificateEnded.rawValue), .blob(fingerprint.bytes),
            ])
    }

    /// Deletes silences that ended before `horizon` and hold no delivery.
    func forget(endedBefore horizon: Instant) throws {
        try session.execute(
            """
            DELETE FROM silences WHERE coalesce(ended_at, ends_at) < $1
                AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.held_by = silences.id)
            """, [.integer(horizon.seconds)])
    }

    /// No matcher contains it, because `silence add` refuses control characters.
    private static let separator = "\n"

    private func silences(where condition: SQLText, _ parameters: [SQLValue]) throws -> [Silence] {
        try session.all(
            """
            SELECT s.id, s.matchers, s.author, s.reason, s.created_at, s.ends_at, s.ended_at, s.ended_because
            FROM silences s WHERE \(condition) ORDER BY s.id
            """, parameters
        ) { row in
            let id = try row.integer()
            let texts = try row.text().split(separator: Self.separator).map(String.init)
            guard let matchers = try? NoticeMatchers(parsing: texts) else {
                throw LedgerDamage("the matchers of silence \(id) cannot be read")
            }
            let (author, reason, createdAt) = (try row.text(), try row.text(), try row.instant())
            let terms = SilenceTerms(
                matchers: matchers, author: author, reason: reason, endsAt: try row.instant())
            let endedAt = row.optionalInstant()
            let because = try row.optionalValue(Silence.Reason.self)
            let ending = try endedAt.map { endedAt in
                guard let because else { throw LedgerDamage("silence \(id) has ended without a reason") }
                return Silence.Ending(endedAt: endedAt, because: because)
            }
            return Silence(id: id, terms: terms, createdAt: createdAt, ending: ending)
        }
    }
}

extension SQLSession {
    /// The table `silences`.
    var silences: SilenceTable { SilenceTable(session: self) }
}
