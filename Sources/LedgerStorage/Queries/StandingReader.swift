import Certificates
import ExpiryRules

/// Reads how certificates and lists stand.
struct StandingReader {
    let session: any SQLSession

    /// nil for what is not known.
    func standing(of fingerprint: Fingerprint) throws -> Standing? {
        var found: Standing?
        let rows = try session.all(
            """
            SELECT c.kind, c.not_before, c.not_after, c.episode, c.ended_because, coalesce(c.episode_since, c.first_seen),
                CASE WHEN j.successor IS NULL THEN s.registration END,
                CASE WHEN j.successor IS NULL THEN j.expires_at END
            FROM certificates c
            LEFT JOIN observations o ON o.fingerprint = c.fingerprint AND o.ended_at IS NULL
            LEFT JOIN sources s ON s.id = o.source_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.fingerprint = c.fingerprint
            WHERE c.fingerprint = $1
            """, [.blob(fingerprint.bytes)]
        ) { row in
            let kind = try row.value(WatchedObject.Kind.self)
            let validity = Validity(notBefore: row.optionalInstant(), notAfter: row.optionalInstant())
            found = Standing(
                fingerprint: fingerprint, kind: kind, validity: validity, episode: try row.integer(),
                endedBecause: try row.optionalValue(), episodeSince: try row.instant())
            return (watcher: row.optionalText(), endsEarly: row.optionalInstant())
        }
        guard var standing = found else { return nil }
        standing.watchers = Set(rows.compactMap(\.watcher))
        standing.endsEarly = rows.compactMap(\.endsEarly).min()
        return standing
    }

    /// Some registrations besides `registration` that see something that has not ended and have a use for it. None where
    /// `registration` knows an end of its own for it: that goes with it.
    func fellowWatchers(
        of fingerprint: Fingerprint, besides registration: String
    ) throws -> [(registration: String, kind: WatchedObject.Kind)] {
        try session.all(
            """
            SELECT s.registration, c.kind FROM certificates c
            CROSS JOIN (
                SELECT source_id FROM observations WHERE fingerprint = $1 AND ended_at IS NULL LIMIT 16) o
            CROSS JOIN sources s
            WHERE c.fingerprint = $1 AND c.ended_at IS NULL AND s.id = o.source_id AND s.registration <> $2
                AND NOT EXISTS (
                    SELECT 1 FROM judgements j WHERE j.registration = s.registration AND j.fingerprint = $1
                        AND j.successor IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM judgements j WHERE j.registration = $2 AND j.fingerprint = $1
                        AND (j.expires_at IS NOT NULL OR j.successor IS NOT NULL))
            """, [.blob(fingerprint.bytes), .text(registration)]
        ) { (try $0.text(), try $0.value()) }
    }

    /// Why something that is watched no longer ended, and what took its place.
    ///
    /// - Throws: `LedgerDamage` when no observation of it has ended: then damage hides the one that sees it still.
    func ending(of fingerprint: Fingerprint) throws -> (because: EndReason, successor: Fingerprint?) {
        let replacement = try session.one(
            "SELECT successor FROM judgements WHERE fingerprint = $1 AND successor IS NOT NULL",
            [.blob(fingerprint.bytes)]
        ) { try $0.fingerprint() }
        if let replacement { return (.renewed, replacement) }
        let last = try session.one(
            """
            SELECT ended_because, successor FROM observations WHERE fingerprint = $1
            ORDER BY ended_at DESC, id DESC LIMIT 1
            """, [.blob(fingerprint.bytes)]
        ) { (because: try $0.optionalValue(EndReason.self), successor: try $0.optionalFingerprint()) }
        guard let last, let because = last.because else {
            throw LedgerDamage("no observation of the certificate \(fingerprint) is found, and none has ended")
        }
        return (because, last.successor)
    }

    /// What may have something to be decided by now, the longest due first.
    func due(at now: Instant) throws -> [Fingerprint] {
        try session.all(
            "SELECT fingerprint FROM certificates WHERE next_due <= $1 ORDER BY next_due", [.integer(now.seconds)]
        ) { try $0.fingerprint() }
    }
}
