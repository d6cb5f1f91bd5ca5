import Certificates
import ExpiryRules

extension Ledger {
    /// Finds certificates and lists by a prefix of the fingerprint in hex, by a path, or by a part of a subject or
    /// alternative name. Case is ignored.
    ///
    /// - Returns: at most `limit` fingerprints, those of watched objects first.
    package func fingerprints(matching text: String, limit: Int) async throws -> [Fingerprint] {
        let pattern =
            "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        let hex = text.replacing(":", with: "").lowercased()
        return try await engine.read { session in
            try session.all(
                """
                SELECT fingerprint FROM certificates c
                WHERE lower(hex(fingerprint)) LIKE $1 OR lower(subject) LIKE lower($2) ESCAPE '\\'
                    OR lower(subject_alternative_names) LIKE lower($2) ESCAPE '\\'
                    OR EXISTS (SELECT 1 FROM observations o WHERE o.certificate_id = c.id AND o.path = $3)
                ORDER BY ended_at IS NOT NULL, not_after, fingerprint LIMIT $4
                """,
                [
                    .text(hex.count >= 4 && hex.allSatisfy(\.isHexDigit) ? hex + "%" : ""), .text(pattern),
                    .blob(Array(text.utf8)), SQLValue(limit),
                ]
            ) { try $0.fingerprint() }
        }
    }

    /// All stored data of a certificate or list; nil if it is not in the ledger.
    package func life(of fingerprint: Fingerprint) async throws -> LifeRecord? {
        try await engine.read { try LifeReader(session: $0).life(of: fingerprint) }
    }

    /// The last verdict on an endpoint; nil when it was never probed.
    package func endpoint(_ name: String) async throws -> EndpointRecord? {
        try await engine.read { session in
            try session.one(
                "SELECT url, verdict, since, probed_at FROM endpoints WHERE name = $1", [.text(name)]
            ) { row in
                EndpointRecord(
                    name: name, url: try row.text(), verdict: try row.text(), since: try row.instant(),
                    probedAt: try row.instant())
            }
        }
    }

    /// The fingerprints of the chain that an endpoint presents now.
    package func fingerprints(presentedBy endpoint: String) async throws -> [Fingerprint] {
        try await engine.read { session in
            try session.all(
                """
                SELECT c.fingerprint FROM observations o JOIN sources s ON s.id = o.source_id
                JOIN certificates c ON c.id = o.certificate_id
                WHERE s.kind = 'endpoint' AND s.registration = $1 AND o.ended_at IS NULL ORDER BY o.position
                """, [.text(endpoint)]
            ) { try $0.fingerprint() }
        }
    }

    /// All notices about `subject`, with their states.
    package func decisions(about subject: NoticeSubject) async throws -> [DecisionRecord] {
        try await engine.read { try LifeReader(session: $0).decisions(about: subject) }
    }
}

/// Reads lives.
private struct LifeReader {
    let session: any SQLSession

    func life(of fingerprint: Fingerprint) throws -> LifeRecord? {
        guard let object = try session.objects.object(fingerprint),
            let standing = try StandingReader(session: session).standing(of: fingerprint)
        else { return nil }
        let decisions = try decisions(about: standing.subject)
        let (ends, flaws) = (try ends(of: fingerprint), try FlawReader(session: session).flaws(of: fingerprint))
        let sightings = try sightings(of: fingerprint)
        return try session.one(
            "SELECT first_seen, ended_at, ended_because, successor, next_due FROM certificates WHERE fingerprint = $1",
            [.blob(fingerprint.bytes)]
        ) { row in
            LifeRecord(
                object: object, firstSeen: try row.instant(), expiry: standing.expiry, standing: ends, flaws: flaws,
                endedAt: row.optionalInstant(), endedBecause: try row.optionalValue(),
                successor: try row.optionalFingerprint(), nextDue: row.optionalInstant(),
                notified: Set(decisions.filter { $0.episode == standing.episode }.compactMap(\.stage)),
                watchers: standing.watchers, sightings: sightings, decisions: decisions)
        }
    }

    private func ends(of fingerprint: Fingerprint) throws -> ObjectStanding {
        var standing = ObjectStanding()
        let ends = try session.all(
            """
            SELECT j.registration, j.expires_at, a.kind, a.fingerprint, a.subject, l.not_after, l.kind, l.fingerprint,
                l.subject
            FROM judgements j LEFT JOIN certificates a ON a.id = j.culprit_id
            LEFT JOIN certificates l ON l.id = j.list_id
            WHERE j.certificate_id = \(CertificateID.inSQL(of: "$1")) AND j.successor IS NULL AND EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.certificate_id = j.certificate_id AND s.registration = j.registration AND o.ended_at IS NULL)
            """, [.blob(fingerprint.bytes)]
        ) { (watcher: try $0.text(), authority: try $0.earlyEnd(), revocationList: try $0.earlyEnd()) }
        for end in ends {
            standing.add(watcher: end.watcher, authority: end.authority, revocationList: end.revocationList)
        }
        return standing
    }

    func decisions(about subject: NoticeSubject) throws -> [DecisionRecord] {
        try session.all(
            """
            SELECT kind, stage, episode, repetition, state, ended_because, occurred_at, observed_at, message,
                facts
            FROM notices
            WHERE subject = $1 ORDER BY episode, observed_at, stage DESC
            """, [.text(subject.text)]
        ) { row in
            let (kind, stage) = (try row.value(NoticeKind.self), try row.integer())
            return DecisionRecord(
                kind: kind, stage: stage >= 0 ? Stage(secondsBefore: stage) : nil, episode: try row.integer(),
                repetition: try row.integer(), state: try row.value(), endedBecause: try row.optionalValue(),
                occurredAt: try row.instant(), decidedAt: try row.instant(), code: subject.findingCode,
                finding: try row.optionalFindingFacts())
        }
    }

    private func sightings(of fingerprint: Fingerprint) throws -> [SightingRecord] {
        try session.all(
            """
            SELECT s.kind, s.registration, o.path, o.position, s.registration, o.first_seen, o.absent_since, o.last_used,
                o.ended_at
            FROM observations o JOIN sources s ON s.id = o.source_id
            WHERE o.certificate_id = \(CertificateID.inSQL(of: "$1"))
            ORDER BY o.ended_at IS NOT NULL, o.first_seen LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(NoticeFacts.locationLimit)]
        ) { row in
            let location = try row.location()
            return SightingRecord(
                registration: try row.text(), location: location, firstSeen: try row.instant(),
                absentSince: row.optionalInstant(), lastUsed: row.optionalInstant(), endedAt: row.optionalInstant())
        }
    }
}
