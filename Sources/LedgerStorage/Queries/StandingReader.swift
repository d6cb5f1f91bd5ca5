import Certificates
import ExpiryRules

/// Reads the state of certificates and lists.
struct StandingReader {
    let session: any SQLSession

    /// nil for an unknown fingerprint.
    func standing(of fingerprint: Fingerprint) throws -> Standing? { try standings(of: [fingerprint])[fingerprint] }

    /// The states of the known ones among these.
    func standings(of fingerprints: [Fingerprint]) throws -> [Fingerprint: Standing] {
        var standings: [Fingerprint: Standing] = [:]
        let sql: SQLText = """
            SELECT c.fingerprint, CASE WHEN j.successor IS NULL THEN s.registration END,
                CASE WHEN j.successor IS NULL THEN j.expires_at END, c.kind, c.not_before, c.not_after, c.episode,
                c.ended_because, coalesce(c.episode_since, c.first_seen), \(ObjectRows.nameColumns)
            FROM (\(SQLList.fingerprints(of: "$1"))) f CROSS JOIN certificates c ON c.fingerprint = f.fingerprint
            LEFT JOIN observations o ON o.certificate_id = c.id AND o.ended_at IS NULL
            LEFT JOIN sources s ON s.id = o.source_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = c.id
            """
        try session.forEachRow(sql, [.list(fingerprints)]) { row in
            var row = RowReader(row, of: sql)
            let fingerprint = try row.fingerprint()
            let (watcher, endsEarly) = (row.optionalText(), row.optionalInstant())
            var standing = try standings[fingerprint] ?? Self.standing(of: fingerprint, from: &row)
            if let watcher { standing.watchers.insert(watcher) }
            standing.endsEarly = [standing.endsEarly, endsEarly].compactMap(\.self).min()
            standings[fingerprint] = standing
            return true
        }
        return standings
    }

    private static func standing(of fingerprint: Fingerprint, from row: inout RowReader) throws -> Standing {
        let kind = try row.value(WatchedObject.Kind.self)
        let validity = Validity(notBefore: row.optionalInstant(), notAfter: row.optionalInstant())
        return Standing(
            fingerprint: fingerprint, kind: kind, validity: validity, episode: try row.integer(),
            endedBecause: try row.optionalValue(), episodeSince: try row.instant(), name: try row.objectName())
    }

    /// Some other registrations that see and need an object that has not ended. Empty if `registration` itself has an
    /// early end for the object, since that changes the object's state when the registration joins or leaves.
    func fellowWatchers(
        of fingerprint: Fingerprint, besides registration: String
    ) throws -> [(registration: String, kind: WatchedObject.Kind)] {
        try session.all(
            """
            SELECT s.registration, c.kind FROM certificates c
            CROSS JOIN (
                SELECT source_id FROM observations
                WHERE certificate_id = \(CertificateID.inSQL(of: "$1")) AND ended_at IS NULL LIMIT 16) o
            CROSS JOIN sources s
            WHERE c.fingerprint = $1 AND c.ended_at IS NULL AND s.id = o.source_id AND s.registration <> $2
                AND NOT EXISTS (
                    SELECT 1 FROM judgements j WHERE j.registration = s.registration AND j.certificate_id = c.id
                        AND j.successor IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM judgements j WHERE j.registration = $2 AND j.certificate_id = c.id
                        AND (j.expires_at IS NOT NULL OR j.successor IS NOT NULL))
            """, [.blob(fingerprint.bytes), .text(registration)]
        ) { (try $0.text(), try $0.value()) }
    }

    /// Why an object that is no longer watched ended, and what replaced it.
    ///
    /// - Throws: `LedgerDamage` when no observation of it has ended. Then damage hides the observation that still shows
    ///   it.
    func ending(of fingerprint: Fingerprint) throws -> (because: EndReason, successor: Fingerprint?) {
        let replacement = try session.one(
            """
            SELECT successor FROM judgements
            WHERE certificate_id = \(CertificateID.inSQL(of: "$1")) AND successor IS NOT NULL
            """, [.blob(fingerprint.bytes)]
        ) { try $0.fingerprint() }
        if let replacement { return (.renewed, replacement) }
        let last = try session.one(
            """
            SELECT ended_because, successor FROM observations WHERE certificate_id = \(CertificateID.inSQL(of: "$1"))
            ORDER BY ended_at DESC, id DESC LIMIT 1
            """, [.blob(fingerprint.bytes)]
        ) { (because: try $0.optionalValue(EndReason.self), successor: try $0.optionalFingerprint()) }
        guard let last, let because = last.because else {
            throw LedgerDamage("no observation of the certificate \(fingerprint) is found, and none has ended")
        }
        return (because, last.successor)
    }

    /// The objects whose next decision is due, the longest due first.
    func due(at now: Instant) throws -> [Fingerprint] {
        try session.all(
            "SELECT fingerprint FROM certificates WHERE next_due <= $1 ORDER BY next_due", [.integer(now.seconds)]
        ) { try $0.fingerprint() }
    }
}
