import Certificates
import ExpiryRules

/// Reads notices with all that belongs to them.
struct NoticeReader {
    let session: any SQLSession

    /// `receiver` is who is told; nil where nobody is.
    func facts(of noticeID: Int64, for receiver: String? = nil, at now: Instant) throws -> NoticeFacts {
        let found = try session.first(
            """
            SELECT subject, kind, stage, episode, registration, severity, message, occurred_at, observed_at, missed,
                not_observed_since, fingerprint, successor, repetition
            FROM notices WHERE id = $1
            """, [.integer(noticeID)]
        ) { try self.facts(from: $0, for: receiver, askedAt: now) }
        guard let found else { throw LedgerDamage("a delivery has no notice") }
        return found
    }

    private func facts(from row: any SQLRow, for receiver: String?, askedAt now: Instant) throws -> NoticeFacts {
        guard
            let kind = row.text(1).flatMap(NoticeKind.init(rawValue:)),
            let severity = row.text(5).flatMap(Severity.init(rawValue:))
        else { throw LedgerDamage("a notice of an unknown kind") }
        let objects = ObjectRows(session: session)
        let fingerprint = row.blob(11).flatMap(Fingerprint.init(bytes:))
        var facts = NoticeFacts(
            identity: NoticeIdentity(
                subject: row.text(0) ?? "", kind: kind, stage: row.integer(2) ?? -1, episode: row.integer(3) ?? 0,
                repetition: row.integer(13) ?? 0),
            registration: row.text(4) ?? "", severity: severity, message: row.text(6),
            occurredAt: Instant(seconds: row.integer(7) ?? 0), observedAt: Instant(seconds: row.integer(8) ?? 0),
            missed: (row.text(9) ?? "").split(separator: ",").compactMap { Int64($0) }.map(Stage.init(secondsBefore:)),
            notObservedSince: row.integer(10).map(Instant.init(seconds:)),
            object: try fingerprint.flatMap(objects.object),
            successor: try row.blob(12).flatMap(Fingerprint.init(bytes:)).flatMap(objects.object),
            earlyEnd: try fingerprint.flatMap(earlyEnd), dependents: try fingerprint.map(dependents) ?? Dependents(),
            locations: try fingerprint.map(locations) ?? [],
            earlier: try earlier(
                subject: row.text(0) ?? "", episode: row.integer(3) ?? 0, than: row.integer(2) ?? -1, to: receiver),
            former: fingerprint == nil
                ? try former(of: row.text(0) ?? "", before: row.integer(3) ?? 0, to: receiver) : [],
            digests: try receiver.map {
                try digests(about: row.text(0) ?? "", episode: row.integer(3) ?? 0, to: $0)
            } ?? ToldDigests(),
            askedAt: now)
        if kind == .summary {
            let beginning = Instant(seconds: facts.identity.episode)
            facts.summaryFacts = try SummaryReader(session: session, now: now).facts(beginning: beginning)
        }
        return facts
    }

    /// As what a finding was told since it began, before this episode, or what `receiver` heard of
    /// that; the last few are enough to end all that is open.
    private func former(of subject: String, before episode: Int64, to receiver: String?) throws -> [FormerTelling] {
        try session.query(
            """
            SELECT episode, severity FROM notices n
            WHERE subject = $1 AND kind = 'finding' AND state = 'superseded' AND episode < $2 AND NOT EXISTS (
                SELECT 1 FROM notices e WHERE e.subject = n.subject AND e.kind = 'finding_resolved'
                    AND e.episode >= n.episode AND e.episode < $2)
                AND ($3 IS NULL OR EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.receiver = $3
                        AND (d.state = 'delivered' OR d.maybe_seen = 1)))
            ORDER BY episode DESC LIMIT $4
            """, [.text(subject), .integer(episode), SQLValue(receiver), SQLValue(Self.formerLimit)]
        ) { row in
            FormerTelling(
                episode: row.integer(0) ?? 0, severity: row.text(1).flatMap(Severity.init(rawValue:)) ?? .warning)
        }.reversed()
    }

    private static let formerLimit = 20

    /// The stages of `subject` besides `stage` that were decided, or that `receiver` may have heard of; the mildest first.
    private func earlier(
        subject: String, episode: Int64, than stage: Int64, to receiver: String?
    ) throws -> [EarlierStage] {
        try session.query(
            """
            SELECT stage, max(\(Severity.rankInSQL("severity"))) FROM notices n
            WHERE subject = $1 AND episode = $2 AND kind IN ('expiring', 'expired') AND stage <> $3
                AND ($4 IS NULL OR EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.receiver = $4
                        AND (d.state = 'delivered' OR d.maybe_seen = 1)))
            GROUP BY stage ORDER BY stage DESC
            """, [.text(subject), .integer(episode), .integer(stage), SQLValue(receiver)]
        ) { row in
            EarlierStage(
                stage: Stage(secondsBefore: row.integer(0) ?? 0), severity: Severity(rank: row.integer(1) ?? 1))
        }
    }

    /// Of a finding that became another one, also what it was told as before.
    private func digests(about subject: String, episode: Int64, to receiver: String) throws -> ToldDigests {
        let told = try session.query(
            """
            SELECT n.stage, m.identifier,
                EXISTS (SELECT 1 FROM deliveries e JOIN notices o ON o.id = e.notice_id
                    WHERE e.message = m.id AND o.state = 'open'),
                n.episode = $2 AND NOT EXISTS (
                    SELECT 1 FROM notices a JOIN deliveries s ON s.notice_id = a.id JOIN messages t ON t.id = s.message
                    WHERE a.subject = n.subject AND a.kind = n.kind AND a.stage = n.stage AND a.episode = n.episode
                        AND s.receiver = $3 AND t.part_count = 1 AND (s.state = 'delivered' OR s.maybe_seen = 1))
            FROM notices n JOIN deliveries d ON d.notice_id = n.id JOIN messages m ON m.id = d.message
            WHERE n.subject = $1 AND d.receiver = $3 AND m.part_count > 1
                AND (n.episode = $2 OR n.kind = 'finding' AND n.episode < $2 AND n.state = 'superseded')
                AND n.kind NOT IN (\(NoticeKind.resolutionsInSQL))
            ORDER BY m.id
            """, [.text(subject), .integer(episode), .text(receiver)]
        ) { row in
            (
                stage: row.integer(0) ?? -1, identifier: row.text(1) ?? "", isOpen: row.integer(2) == 1,
                isToldByItAlone: row.integer(3) == 1
            )
        }
        return ToldDigests(
            stages: Set(told.filter(\.isToldByItAlone).map(\.stage)),
            over: told.filter { !$0.isOpen }.map(\.identifier))
    }

    /// The earliest of what those who see it say.
    private func earlyEnd(of fingerprint: Fingerprint) throws -> EarlyEnd? {
        try session.first(
            """
            SELECT j.expires_at, a.kind, a.fingerprint, a.subject
            FROM judgements j JOIN certificates a ON a.fingerprint = j.culprit
            WHERE j.fingerprint = $1 AND j.expires_at IS NOT NULL ORDER BY j.expires_at LIMIT 1
            """, [.blob(fingerprint.bytes)]
        ) { EarlyEnd(from: $0, at: 0) } ?? nil
    }

    private func dependents(on fingerprint: Fingerprint) throws -> Dependents {
        let certificates = try session.first(
            "SELECT count(DISTINCT fingerprint) FROM needs WHERE needed = $1", [.blob(fingerprint.bytes)]
        ) { $0.integer(0) ?? 0 }
        let endpoints = try session.query(
            """
            SELECT DISTINCT coalesce(f.endpoint, s.registration) AS name FROM observations o
            JOIN sources s ON s.id = o.source_id LEFT JOIN client_files f ON f.path = o.path
            WHERE o.ended_at IS NULL AND (s.kind = 'endpoint' OR f.endpoint IS NOT NULL) AND (o.fingerprint = $1
                OR o.fingerprint IN (SELECT fingerprint FROM needs WHERE needed = $1))
            ORDER BY name LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(Dependents.endpointLimit)]
        ) { $0.text(0) ?? "" }
        return Dependents(certificates: Int(certificates ?? 0), endpoints: endpoints)
    }

    /// Where the certificate was last seen: the places that show it now, or, when none does, those that did.
    private func locations(of fingerprint: Fingerprint) throws -> [Location] {
        try session.query(
            """
            SELECT s.kind, s.registration, o.path, o.position
            FROM observations o JOIN sources s ON s.id = o.source_id
            WHERE o.fingerprint = $1 AND (o.ended_at IS NULL OR NOT EXISTS (
                SELECT 1 FROM observations l WHERE l.fingerprint = $1 AND l.ended_at IS NULL))
            GROUP BY s.kind, s.registration, o.path, o.position ORDER BY s.kind, o.path, o.position LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(NoticeFacts.locationLimit)]
        ) { LocationRow.location(from: $0, at: 0) }
    }
}

/// How a location stands in rows: the source's kind and registration, the path, the position.
enum LocationRow {
    static func location(from row: any SQLRow, at column: Int) -> Location {
        let position = Int(row.integer(column + 3) ?? 0)
        switch row.text(column).flatMap(SourceKey.Kind.init(rawValue:)) {
        case .endpoint: return .endpoint(name: row.text(column + 1) ?? "", index: position)
        case .command, .url:
            return .fetched(place: FilePath(bytes: row.blob(column + 2) ?? []).description, index: position)
        case .file, nil: return .file(FilePath(bytes: row.blob(column + 2) ?? []), index: position)
        }
    }
}
