import Certificates
import ExpiryRules

/// One thing that was decided about a subject.
package struct DecisionRecord: Hashable, Sendable {
    package let kind: NoticeKind
    package let stage: Stage?
    package let episode: Int64
    /// The number of a reminder; 0 for what is none.
    package let repetition: Int64
    package let state: NoticeState
    package let endedBecause: EndReason?
    package let occurredAt: Instant
    package let decidedAt: Instant
    package let message: String?
}

/// Where something was seen, and until when.
package struct SightingRecord: Hashable, Sendable {
    package let registration: String
    package let location: Location
    package let firstSeen: Instant
    package let absentSince: Instant?
    package let endedAt: Instant?
}

/// All that the ledger knows of a certificate or list.
package struct LifeRecord: Sendable {
    package let object: WatchedObject
    package let firstSeen: Instant
    /// When its path to a trusted CA ends: what its stages are counted to.
    package let expiry: Expiry
    /// By all registrations that see it now and have a use for it.
    package let standing: ObjectStanding
    /// What verification holds against it, by all registrations that see it.
    package let flaws: [Judgement.Flaw]
    package let endedAt: Instant?
    package let endedBecause: EndReason?
    package let successor: Fingerprint?
    /// When there may be something to decide; nil when there never is.
    package let nextDue: Instant?
    /// The stages that were decided.
    package let told: Set<Stage>
    /// Of them who see it now.
    package let watchers: Set<String>
    package let sightings: [SightingRecord]
    package let decisions: [DecisionRecord]

    package var subject: NoticeSubject { .object(object.fingerprint, object.kind) }
}

/// All that the ledger knows of an endpoint.
package struct EndpointRecord: Sendable {
    package let name: String
    package let url: String
    package let verdict: String
    package let since: Instant
    package let probedAt: Instant
}

extension Ledger {
    /// Finds what is known under a name: a prefix of a fingerprint in hex, a path, or a part of a subject or alternative name,
    /// whatever its case.
    ///
    /// - Returns: fingerprints, at most `limit`, what is watched first.
    package func fingerprints(matching text: String, limit: Int) async throws -> [Fingerprint] {
        let pattern =
            "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        let hex = text.replacing(":", with: "").lowercased()
        return try await engine.read { session in
            try session.query(
                """
                SELECT fingerprint FROM certificates c
                WHERE lower(hex(fingerprint)) LIKE $1 OR lower(subject) LIKE lower($2) ESCAPE '\\'
                    OR lower(subject_alternative_names) LIKE lower($2) ESCAPE '\\'
                    OR EXISTS (SELECT 1 FROM observations o WHERE o.fingerprint = c.fingerprint AND o.path = $3)
                ORDER BY ended_at IS NOT NULL, not_after, fingerprint LIMIT $4
                """,
                [
                    .text(hex.count >= 4 && hex.allSatisfy(\.isHexDigit) ? hex + "%" : ""), .text(pattern),
                    .blob(Array(text.utf8)), SQLValue(limit),
                ]
            ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }.compactMap(\.self)
        }
    }

    /// The life of a certificate or list; nil when the ledger has never seen it.
    package func life(of fingerprint: Fingerprint) async throws -> LifeRecord? {
        try await engine.read { try LifeReader(session: $0).life(of: fingerprint) }
    }

    /// What is known of an endpoint; nil when it was never probed.
    package func endpoint(_ name: String) async throws -> EndpointRecord? {
        try await engine.read { session in
            try session.first(
                "SELECT url, verdict, since, probed_at FROM endpoints WHERE name = $1", [.text(name)]
            ) { row in
                EndpointRecord(
                    name: name, url: row.text(0) ?? "", verdict: row.text(1) ?? "",
                    since: Instant(seconds: row.integer(2) ?? 0), probedAt: Instant(seconds: row.integer(3) ?? 0))
            }
        }
    }

    /// The fingerprints of what an endpoint presents now.
    package func fingerprints(presentedBy endpoint: String) async throws -> [Fingerprint] {
        try await engine.read { session in
            try session.query(
                """
                SELECT o.fingerprint FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE s.kind = 'endpoint' AND s.registration = $1 AND o.ended_at IS NULL ORDER BY o.position
                """, [.text(endpoint)]
            ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }.compactMap(\.self)
        }
    }

    /// Whether notices about `subject` were decided, and what became of them.
    package func decisions(about subject: NoticeSubject) async throws -> [DecisionRecord] {
        try await engine.read { try LifeReader(session: $0).decisions(about: subject) }
    }
}

/// Reads lives.
private struct LifeReader {
    let session: any SQLSession

    func life(of fingerprint: Fingerprint) throws -> LifeRecord? {
        guard let object = try ObjectRows(session: session).object(fingerprint),
            let standing = try StandingReader(session: session).standing(of: fingerprint)
        else { return nil }
        let decisions = try decisions(about: standing.subject)
        return try session.first(
            "SELECT first_seen, ended_at, ended_because, successor, next_due FROM certificates WHERE fingerprint = $1",
            [.blob(fingerprint.bytes)]
        ) { row in
            LifeRecord(
                object: object, firstSeen: Instant(seconds: row.integer(0) ?? 0), expiry: standing.expiry,
                standing: try ends(of: fingerprint), flaws: try FlawReader(session: session).flaws(of: fingerprint),
                endedAt: row.integer(1).map(Instant.init(seconds:)),
                endedBecause: row.text(2).flatMap(EndReason.init(rawValue:)),
                successor: row.blob(3).flatMap(Fingerprint.init(bytes:)),
                nextDue: row.integer(4).map(Instant.init(seconds:)),
                told: Set(decisions.filter { $0.episode == standing.episode }.compactMap(\.stage)),
                watchers: standing.watchers, sightings: try sightings(of: fingerprint), decisions: decisions)
        }
    }

    private func ends(of fingerprint: Fingerprint) throws -> ObjectStanding {
        var standing = ObjectStanding()
        try session.forEachRow(
            """
            SELECT j.registration, j.expires_at, a.kind, a.fingerprint, a.subject, l.not_after, l.kind, l.fingerprint,
                l.subject
            FROM judgements j LEFT JOIN certificates a ON a.fingerprint = j.culprit
            LEFT JOIN certificates l ON l.fingerprint = j.list
            WHERE j.fingerprint = $1 AND j.successor IS NULL AND EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.fingerprint = j.fingerprint AND s.registration = j.registration AND o.ended_at IS NULL)
            """, [.blob(fingerprint.bytes)]
        ) { row in
            standing.add(
                watcher: row.text(0) ?? "", authority: EarlyEnd(from: row, at: 1),
                revocationList: EarlyEnd(from: row, at: 5))
            return true
        }
        return standing
    }

    func decisions(about subject: NoticeSubject) throws -> [DecisionRecord] {
        try session.query(
            """
            SELECT kind, stage, episode, state, ended_because, occurred_at, observed_at, message,
                repetition
            FROM notices
            WHERE subject = $1 ORDER BY episode, observed_at, stage DESC
            """, [.text(subject.text)]
        ) { row in
            let stage = row.integer(1) ?? -1
            return DecisionRecord(
                kind: row.text(0).flatMap(NoticeKind.init(rawValue:)) ?? .finding,
                stage: stage >= 0 ? Stage(secondsBefore: stage) : nil, episode: row.integer(2) ?? 0,
                repetition: row.integer(8) ?? 0,
                state: row.text(3).flatMap(NoticeState.init(rawValue:)) ?? .open,
                endedBecause: row.text(4).flatMap(EndReason.init(rawValue:)),
                occurredAt: Instant(seconds: row.integer(5) ?? 0), decidedAt: Instant(seconds: row.integer(6) ?? 0),
                message: row.text(7))
        }
    }

    private func sightings(of fingerprint: Fingerprint) throws -> [SightingRecord] {
        try session.query(
            """
            SELECT s.kind, s.registration, o.path, o.position, o.first_seen, o.absent_since, o.ended_at
            FROM observations o JOIN sources s ON s.id = o.source_id WHERE o.fingerprint = $1
            ORDER BY o.ended_at IS NOT NULL, o.first_seen LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(NoticeFacts.locationLimit)]
        ) { row in
            SightingRecord(
                registration: row.text(1) ?? "", location: LocationRow.location(from: row, at: 0),
                firstSeen: Instant(seconds: row.integer(4) ?? 0),
                absentSince: row.integer(5).map(Instant.init(seconds:)),
                endedAt: row.integer(6).map(Instant.init(seconds:)))
        }
    }
}
