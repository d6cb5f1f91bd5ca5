import Certificates
import ExpiryRules

extension StandingWriter {
    /// Looks for a certificate elsewhere in the registration that `certificate` renews, or that renews it, and ends the
    /// older one's observations there.
    ///
    /// Only a pair counts: where three or more share a name or a key, they are a fleet and not a lineage. And the newer
    /// one must have come later, or the older be missing: two that were there from the start are two clients.
    ///
    /// - Returns: the older one's fingerprint, if it ended.
    func endPredecessor(of object: WatchedObject, in registration: String) throws -> Fingerprint? {
        guard let certificate = object.certificate else { return nil }
        let others = try session.query(
            """
            SELECT c.fingerprint FROM certificates c
            WHERE (c.lineage_names = $1 OR c.lineage_public_key = $2) AND c.fingerprint <> $3
                AND EXISTS (
                    SELECT 1 FROM sources s CROSS JOIN observations o
                    WHERE s.registration = $4 AND o.source_id = s.id AND o.fingerprint = c.fingerprint
                        AND o.ended_at IS NULL)
            LIMIT 2
            """,
            [
                SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
                .blob(certificate.fingerprint.bytes), .text(registration),
            ]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        guard others.count == 1, let fingerprint = others[0],
            let other = try ObjectRows(session: session).certificate(fingerprint)
        else { return nil }
        let (mine, theirs) = (LineageMember(certificate), LineageMember(other))
        let (newer, older) = mine.outlives(theirs) ? (mine, theirs) : (theirs, mine)
        guard newer.succeeds(older, at: now), try appearedLater(newer, than: older, in: registration) else {
            return nil
        }
        try session.execute(
            """
            UPDATE observations SET ended_at = $1, ended_because = 'renewed', successor = $2
            WHERE fingerprint = $3 AND ended_at IS NULL
                AND source_id IN (SELECT id FROM sources WHERE registration = $4)
            """,
            [
                .integer(now.seconds), .blob(newer.fingerprint.bytes), .blob(older.fingerprint.bytes),
                .text(registration),
            ])
        return older.fingerprint
    }

    private func appearedLater(
        _ newer: LineageMember, than older: LineageMember, in registration: String
    ) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM certificates n, certificates o WHERE n.fingerprint = $1 AND o.fingerprint = $2
                AND (n.first_seen > o.first_seen OR NOT EXISTS (
                    SELECT 1 FROM sources s CROSS JOIN observations p
                    WHERE s.registration = $3 AND p.source_id = s.id AND p.fingerprint = o.fingerprint
                        AND p.ended_at IS NULL AND p.absent_since IS NULL))
            """,
            [.blob(newer.fingerprint.bytes), .blob(older.fingerprint.bytes), .text(registration)]
        ) { _ in true } ?? false
    }
}
