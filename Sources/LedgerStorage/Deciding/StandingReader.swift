import Certificates
import ExpiryRules

/// What the ledger knows of the life of a certificate or list so far.
struct Standing {
    let fingerprint: Fingerprint
    let kind: WatchedObject.Kind
    let validity: Validity
    let episode: Int64
    let endedBecause: EndReason?
    let episodeSince: Instant
    /// The registrations that see it now and have a use for it.
    fileprivate(set) var watchers: Set<String> = []
    /// When it stops working by what it depends on, before its own end.
    fileprivate(set) var endsEarly: Instant?

    var hasEnded: Bool { endedBecause != nil }
    var subject: NoticeSubject { .object(fingerprint, kind) }

    /// What comes back opens a new episode, and no sooner than this after the last one was opened.
    private static let shortestEpisode = TimeSpan.days(1)

    /// Until when one that is back is watched in silence, so that what flips to and fro opens one episode a day.
    func isHeld(at now: Instant) -> Instant? {
        guard let endedBecause, endedBecause != .unregistered else { return nil }
        let end = episodeSince + Self.shortestEpisode
        return episodeSince <= now && now < end ? end : nil
    }

    /// When it really stops working.
    var expiry: Expiry { endsEarly.map(Expiry.at) ?? validity.expiry }
}

/// Reads how certificates and lists stand.
struct StandingReader {
    let session: any SQLSession

    func standing(of fingerprint: Fingerprint) throws -> Standing? {
        let rows = try session.query(
            """
            SELECT c.not_before, c.not_after, c.episode, c.ended_because, c.kind,
                CASE WHEN j.successor IS NULL THEN s.registration END,
                CASE WHEN j.successor IS NULL THEN j.expires_at END, coalesce(c.episode_since, c.first_seen)
            FROM certificates c
            LEFT JOIN observations o ON o.fingerprint = c.fingerprint AND o.ended_at IS NULL
            LEFT JOIN sources s ON s.id = o.source_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.fingerprint = c.fingerprint
            WHERE c.fingerprint = $1
            """, [.blob(fingerprint.bytes)]
        ) { row in
            let validity = Validity(
                notBefore: row.integer(0).map(Instant.init(seconds:)),
                notAfter: row.integer(1).map(Instant.init(seconds:)))
            let standing = Standing(
                fingerprint: fingerprint, kind: row.text(4).flatMap(WatchedObject.Kind.init(rawValue:)) ?? .certificate,
                validity: validity, episode: row.integer(2) ?? 0,
                endedBecause: row.text(3).flatMap(EndReason.init(rawValue:)),
                episodeSince: Instant(seconds: row.integer(7) ?? 0))
            return (standing: standing, watcher: row.text(5), endsEarly: row.integer(6).map(Instant.init(seconds:)))
        }
        guard var standing = rows.first?.standing else { return nil }
        standing.watchers = Set(rows.compactMap(\.watcher))
        standing.endsEarly = rows.compactMap(\.endsEarly).min()
        return standing
    }

    /// Some registrations besides `registration` that see something that has not ended and have a use for it. None where
    /// `registration` knows an end of its own for it: that goes with it.
    func fellowWatchers(
        of fingerprint: Fingerprint, besides registration: String
    ) throws -> [(registration: String, kind: WatchedObject.Kind)] {
        try session.query(
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
        ) { row in
            (row.text(0) ?? "", row.text(1).flatMap(WatchedObject.Kind.init(rawValue:)) ?? .certificate)
        }
    }

    /// Why something that is watched no longer ended, and what took its place.
    ///
    /// - Throws: `LedgerDamage` when no observation of it has ended: then damage hides the one that sees it still.
    func ending(of fingerprint: Fingerprint) throws -> (because: EndReason, successor: Fingerprint?) {
        let replacement = try session.first(
            "SELECT successor FROM judgements WHERE fingerprint = $1 AND successor IS NOT NULL",
            [.blob(fingerprint.bytes)]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        if let replacement { return (.renewed, replacement) }
        let last = try session.first(
            """
            SELECT ended_because, successor FROM observations WHERE fingerprint = $1
            ORDER BY ended_at DESC, id DESC LIMIT 1
            """, [.blob(fingerprint.bytes)]
        ) { (because: $0.text(0).flatMap(EndReason.init(rawValue:)), successor: $0.blob(1)) }
        guard let last, let because = last.because else {
            throw LedgerDamage("no observation of the certificate \(fingerprint) is found, and none has ended")
        }
        return (because, last.successor.flatMap(Fingerprint.init(bytes:)))
    }
}
