import Certificates
import ExpiryRules

/// The silences, in rows.
struct SilenceRows {
    let session: any SQLSession

    /// `s` is a silence that holds at the time that stands in the parameter `now`.
    static func isActiveInSQL(now: SQLText) -> SQLText { "s.ended_at IS NULL AND s.ends_at > \(now)" }

    func insert(_ terms: SilenceTerms, at now: Instant) throws -> Silence {
        let id = try session.first(
            """
            INSERT INTO silences(matchers, fingerprint, author, reason, created_at, ends_at)
            VALUES($1, $2, $3, $4, $5, $6) RETURNING id
            """,
            [
                .text(terms.matchers.texts.joined(separator: Self.separator)), SQLValue(terms.fingerprint?.bytes),
                .text(terms.author), .text(terms.reason), .integer(now.seconds), .integer(terms.endsAt.seconds),
            ]
        ) { $0.integer(0) ?? 0 }
        guard let id else { throw LedgerError("the ledger did not take a silence") }
        return Silence(id: id, terms: terms, createdAt: now, ending: nil)
    }

    func active(at now: Instant) throws -> [Silence] {
        try silences(where: Self.isActiveInSQL(now: "$1"), [.integer(now.seconds)])
    }

    func all() throws -> [Silence] { try silences(where: "1 = 1", []) }

    func silence(_ id: Int64) throws -> Silence? { try silences(where: "s.id = $1", [.integer(id)]).first }

    func end(_ id: Int64, at now: Instant, because: Silence.Reason) throws {
        try session.execute(
            "UPDATE silences SET ended_at = $1, ended_because = $2 WHERE id = $3 AND ended_at IS NULL AND ends_at > $1",
            [.integer(now.seconds), .text(because.rawValue), .integer(id)])
    }

    /// Ends those that are about a certificate or list alone which has ended.
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

    /// No matcher holds it: `silence add` refuses control characters.
    private static let separator = "\n"

    private func silences(where condition: SQLText, _ parameters: [SQLValue]) throws -> [Silence] {
        try session.query(
            """
            SELECT s.id, s.matchers, s.author, s.reason, s.created_at, s.ends_at, s.ended_at, s.ended_because
            FROM silences s WHERE \(condition) ORDER BY s.id
            """, parameters
        ) { row in
            let texts = (row.text(1) ?? "").split(separator: Self.separator).map(String.init)
            guard let matchers = try? NoticeMatchers(parsing: texts) else {
                throw LedgerDamage("a silence whose matchers nobody can read")
            }
            let terms = SilenceTerms(
                matchers: matchers, author: row.text(2) ?? "", reason: row.text(3) ?? "",
                endsAt: Instant(seconds: row.integer(5) ?? 0))
            let because = row.text(7).flatMap(Silence.Reason.init(rawValue:)) ?? .expired
            return Silence(
                id: row.integer(0) ?? 0, terms: terms, createdAt: Instant(seconds: row.integer(4) ?? 0),
                ending: row.integer(6).map { Silence.Ending(endedAt: Instant(seconds: $0), because: because) })
        }
    }
}
