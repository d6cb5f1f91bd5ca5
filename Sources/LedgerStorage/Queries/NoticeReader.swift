import Certificates
import ExpiryRules

/// Reads the facts of notices.
struct NoticeReader {
    let session: any SQLSession

    /// `receiver` limits earlier stages and digests to what that receiver got; nil for no receiver.
    func facts(of noticeID: Int64, for receiver: String? = nil, at now: Instant) throws -> NoticeFacts {
        let stored = try session.one(
            """
            SELECT subject, kind, stage, episode, repetition, registration, severity, message, facts, occurred_at, observed_at,
                missed, not_observed_since, fingerprint, successor
            FROM notices WHERE id = $1
            """, [.integer(noticeID)], Self.notice)
        guard let stored else { throw LedgerDamage("a delivery has no notice") }
        return try facts(of: stored, for: receiver, askedAt: now)
    }

    /// A notice's row.
    private struct Stored {
        let identity: NoticeIdentity
        let registration: String
        let severity: Severity
        let finding: FindingFacts?
        let occurredAt: Instant
        let observedAt: Instant
        let missed: [Stage]
        let notObservedSince: Instant?
        let fingerprint: Fingerprint?
        let successor: Fingerprint?
    }

    private static func notice(from row: inout RowReader) throws -> Stored {
        Stored(
            identity: NoticeIdentity(
                subject: try row.subject(), kind: try row.value(), stage: try row.integer(), episode: try row.integer(),
                repetition: try row.integer()),
            registration: try row.text(), severity: try row.value(), finding: try row.optionalFindingFacts(),
            occurredAt: try row.instant(), observedAt: try row.instant(),
            missed: try row.stages(),
            notObservedSince: row.optionalInstant(), fingerprint: try row.optionalFingerprint(),
            successor: try row.optionalFingerprint())
    }

    private func facts(of notice: Stored, for receiver: String?, askedAt now: Instant) throws -> NoticeFacts {
        let (fingerprint, identity) = (notice.fingerprint, notice.identity)
        let (subject, episode) = (identity.subject, identity.episode)
        var facts = NoticeFacts(
            identity: identity, registration: notice.registration, severity: notice.severity,
            finding: notice.finding, occurredAt: notice.occurredAt, observedAt: notice.observedAt,
            missed: notice.missed, notObservedSince: notice.notObservedSince,
            object: try fingerprint.flatMap(session.objects.object),
            successor: try notice.successor.flatMap(session.objects.object),
            earlyEnd: try fingerprint.flatMap(earlyEnd), dependents: try fingerprint.map(dependents) ?? Dependents(),
            locations: try fingerprint.map(locations) ?? [],
            earlier: try earlier(subject: subject, episode: episode, than: identity.stage, to: receiver),
            former: fingerprint == nil ? try former(of: subject, before: episode, to: receiver) : [],
            digests: try receiver.map { try digests(about: subject, episode: episode, to: $0) } ?? NotifiedDigests(),
            askedAt: now)
        if identity.kind == .summary {
            let beginning = Instant(seconds: episode)
            facts.summaryFacts = try SummaryReader(session: session, now: now).facts(beginning: beginning)
        }
        return facts
    }

    /// The notices of a changing finding before this episode, since it was last resolved; with `receiver`, those that
    /// it may have received. The last few are enough to end all open incidents.
    private func former(of subject: NoticeSubject, before episode: Int64, to receiver: String?) throws
        -> [FormerTelling]
    {
        try session.all(
            """
            SELECT episode, severity FROM notices n
            WHERE subject = $1 AND kind = 'finding' AND state = 'superseded' AND episode < $2 AND NOT EXISTS (
                SELECT 1 FROM notices e WHERE e.subject = n.subject AND e.kind = 'finding_resolved'
                    AND e.episode >= n.episode AND e.episode < $2)
                AND ($3 IS NULL OR EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.receiver = $3
                        AND (d.state = 'delivered' OR d.maybe_seen = 1)))
            ORDER BY episode DESC LIMIT $4
            """, [.text(subject.text), .integer(episode), SQLValue(receiver), SQLValue(Self.formerLimit)]
        ) { row in
            FormerTelling(episode: try row.integer(), severity: try row.value())
        }.reversed()
    }

    private static let formerLimit = 20

    /// The other stages of `subject` that were decided or, with `receiver`, those that it may have received. The
    /// mildest comes first.
    private func earlier(
        subject: NoticeSubject, episode: Int64, than stage: Int64, to receiver: String?
    ) throws -> [EarlierStage] {
        try session.all(
            """
            SELECT stage, max(\(Severity.rankInSQL("severity"))) FROM notices n
            WHERE subject = $1 AND episode = $2 AND kind IN ('expiring', 'expired') AND stage <> $3
                AND ($4 IS NULL OR EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.receiver = $4
                        AND (d.state = 'delivered' OR d.maybe_seen = 1)))
            GROUP BY stage ORDER BY stage DESC
            """, [.text(subject.text), .integer(episode), .integer(stage), SQLValue(receiver)]
        ) { row in
            let stage = Stage(secondsBefore: try row.integer())
            guard let severity = Severity(rank: try row.integer()) else {
                throw LedgerDamage("a notice has an unknown severity")
            }
            return EarlierStage(stage: stage, severity: severity)
        }
    }

    /// What `receiver` got about the subject in digests. For a finding that has changed, this includes its earlier
    /// episodes.
    private func digests(about subject: NoticeSubject, episode: Int64, to receiver: String) throws -> NotifiedDigests {
        let notified = try session.all(
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
            """, [.text(subject.text), .integer(episode), .text(receiver)]
        ) { row in
            (
                stage: try row.integer(), identifier: try row.text(), isOpen: try row.flag(),
                isNotifiedByItAlone: try row.flag()
            )
        }
        return NotifiedDigests(
            stages: Set(notified.filter(\.isNotifiedByItAlone).map(\.stage)),
            over: notified.filter { !$0.isOpen }.map(\.identifier))
    }

    /// The earliest early end among the registrations that see the certificate.
    private func earlyEnd(of fingerprint: Fingerprint) throws -> EarlyEnd? {
        try session.one(
            """
            SELECT j.expires_at, a.kind, a.fingerprint, a.subject
            FROM judgements j JOIN certificates a ON a.id = j.culprit_id
            WHERE j.certificate_id = \(CertificateID.inSQL(of: "$1")) AND j.expires_at IS NOT NULL ORDER BY j.expires_at LIMIT 1
            """, [.blob(fingerprint.bytes)]
        ) { try $0.earlyEnd() } ?? nil
    }

    /// What stops working with a certificate or list.
    func dependents(on fingerprint: Fingerprint) throws -> Dependents {
        let certificates = try session.one(
            "SELECT count(DISTINCT certificate_id) FROM needs WHERE needed_id = \(CertificateID.inSQL(of: "$1"))",
            [.blob(fingerprint.bytes)]
        ) { try $0.count() }
        let endpoints = try session.all(
            """
            SELECT DISTINCT coalesce(f.endpoint, s.registration) AS name FROM observations o
            JOIN sources s ON s.id = o.source_id LEFT JOIN client_files f ON f.path = o.path
            WHERE o.ended_at IS NULL AND (s.kind = 'endpoint' OR f.endpoint IS NOT NULL) AND (o.certificate_id = \(CertificateID.inSQL(of: "$1"))
                OR o.certificate_id IN (
                    SELECT certificate_id FROM needs WHERE needed_id = \(CertificateID.inSQL(of: "$1"))))
            ORDER BY name LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(Dependents.endpointLimit)]
        ) { try $0.text() }
        return Dependents(certificates: certificates ?? 0, endpoints: endpoints)
    }

    /// The locations that show the certificate now or, when none does, those that showed it last.
    private func locations(of fingerprint: Fingerprint) throws -> [Location] {
        try session.all(
            """
            SELECT s.kind, s.registration, o.path, o.position
            FROM observations o JOIN sources s ON s.id = o.source_id
            WHERE o.certificate_id = \(CertificateID.inSQL(of: "$1")) AND (o.ended_at IS NULL OR NOT EXISTS (
                SELECT 1 FROM observations l WHERE l.certificate_id = o.certificate_id AND l.ended_at IS NULL))
            GROUP BY s.kind, s.registration, o.path, o.position ORDER BY s.kind, o.path, o.position LIMIT $2
            """, [.blob(fingerprint.bytes), SQLValue(NoticeFacts.locationLimit)]
        ) { try $0.location() }
    }
}
