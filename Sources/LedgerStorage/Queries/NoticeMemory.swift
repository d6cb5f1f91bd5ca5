import Certificates
import ExpiryRules

/// Reads earlier notices and deliveries, on which decisions depend.
struct NoticeMemory {
    let session: any SQLSession

    /// The stages that were decided in these episodes, whether they were sent or passed over. A stage that was
    /// cancelled with its threshold before any receiver had it does not count, so that it is sent if the threshold is
    /// configured again.
    func notifiedStages(in episodes: [SubjectEpisode]) throws -> [NoticeSubject: Set<Stage>] {
        let notified = try session.all(
            """
            SELECT n.subject, n.stage FROM \(SubjectEpisode.noticesInSQL(of: "$1"))
            WHERE n.stage >= 0
                AND (coalesce(n.ended_because, '') <> 'threshold_removed' OR EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.notice_id = n.id
                        AND (d.state = 'delivered' OR d.maybe_seen = 1)))
            """, [SubjectEpisode.list(episodes)]
        ) { (subject: try $0.subject(), stage: Stage(secondsBefore: try $0.integer())) }
        return Dictionary(grouping: notified, by: \.subject).mapValues { Set($0.map(\.stage)) }
    }

    /// The same for one episode.
    func notifiedStages(of subject: NoticeSubject, episode: Int64) throws -> Set<Stage> {
        try notifiedStages(in: [SubjectEpisode(subject: subject, episode: episode)])[subject] ?? []
    }

    /// The open notice of a stage of `subject`; nil without one.
    func openStage(of subject: NoticeSubject) throws -> (id: Int64, severity: Severity)? {
        try session.one(
            """
            SELECT id, severity FROM notices n WHERE subject = $1 AND state = 'open' AND kind IN ('expiring', 'expired')
            ORDER BY episode DESC, stage, repetition DESC LIMIT 1
            """, [.text(subject.text)]
        ) { (try $0.integer(), try $0.value(Severity.self)) }
    }

    /// Whether `registration` saw the certificate of the notice when the notice was decided.
    func wasDecided(_ noticeID: Int64, inSightOf registration: String) throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM notices n JOIN sources s ON s.registration = $2
            JOIN certificates c ON c.fingerprint = n.fingerprint
            JOIN observations o ON o.source_id = s.id AND o.certificate_id = c.id
            WHERE n.id = $1 AND o.first_seen < n.observed_at AND (o.ended_at IS NULL OR o.ended_at >= n.observed_at)
            LIMIT 1
            """, [.integer(noticeID), .text(registration)])
    }

    /// The receivers that have not received yet a milder stage than that of each of `drafts`, or the notice that a
    /// reminder repeats.
    func receiversToNotify(lessUrgentThan drafts: [NoticeDraft]) throws -> [NoticeSubject: [String]] {
        let stages = drafts.filter { $0.stage != nil }
        guard !stages.isEmpty else { return [:] }
        let found = try session.all(
            """
            SELECT DISTINCT n.subject, d.receiver FROM \(SubjectEpisode.noticesInSQL(of: "$1"))
                CROSS JOIN deliveries d ON d.notice_id = n.id
            WHERE n.kind IN ('expiring', 'expired') AND n.state = 'open'
                AND (n.stage > e.value ->> 2 OR n.stage = e.value ->> 2 AND n.repetition < e.value ->> 3)
                AND d.\(DeliveryState.isOpenInSQL) ORDER BY n.subject, d.receiver
            """, [SubjectEpisode.list(stages.map { ($0.subjectEpisode, [$0.stageColumn, $0.repetition]) })]
        ) { (subject: try $0.subject(), receiver: try $0.text()) }
        return Dictionary(grouping: found, by: \.subject).mapValues { $0.map(\.receiver) }
    }

    /// Failing receivers that have not received yet a milder stage than that of any of `drafts`.
    func failingReceivers(withoutMilderThan drafts: [NoticeDraft]) throws -> [String] {
        try session.all(
            """
            SELECT DISTINCT d.receiver FROM \(SubjectEpisode.noticesInSQL(of: "$1"))
                CROSS JOIN deliveries d ON d.notice_id = n.id CROSS JOIN receivers r ON r.name = d.receiver
            WHERE n.state = 'open' AND n.kind = 'expiring' AND n.stage > e.value ->> 2
                AND d.\(DeliveryState.isOpenInSQL) AND d.held_by IS NULL AND r.failing_since IS NOT NULL
            ORDER BY d.receiver
            """, [SubjectEpisode.list(drafts.map { ($0.subjectEpisode, [$0.stageColumn]) })]
        ) { try $0.text() }
    }

    /// The last notice of `stage`, and when the first was decided; nil without one.
    func telling(of stage: Stage, about subject: NoticeSubject, episode: Int64) throws
        -> (last: ReminderSchedule.Telling, first: Instant)?
    {
        try session.one(
            """
            SELECT repetition, observed_at, (SELECT min(observed_at) FROM notices
                WHERE subject = $1 AND episode = $2 AND stage = $3)
            FROM notices WHERE subject = $1 AND episode = $2 AND stage = $3 ORDER BY repetition DESC LIMIT 1
            """, [.text(subject.text), .integer(episode), .integer(stage.secondsBefore)]
        ) { row in
            let last = ReminderSchedule.Telling(
                stage: stage, repetition: try row.integer(), decidedAt: try row.instant())
            return (last, try row.instant())
        }
    }

    /// The receivers that got a notice of the subject, or may have got it, in this episode or in an earlier one that
    /// was not resolved for them. Receivers with an attempt in progress about the subject are left out.
    func receiversNotifiedAndIdle(_ ending: SubjectEnding) throws -> [String] {
        try session.all(
            """
            SELECT d.receiver FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE n.subject = $1 AND n.episode <= $2 AND n.kind IN ('expiring', 'expired', 'finding')
                AND d.receiver IN (SELECT name FROM receivers)
            GROUP BY d.receiver
            HAVING max(CASE WHEN (d.state = 'delivered' OR d.maybe_seen = 1) AND NOT EXISTS (
                    SELECT 1 FROM notices e JOIN deliveries r ON r.notice_id = e.id AND r.receiver = d.receiver
                    WHERE e.subject = n.subject AND e.stage = -1 AND e.episode >= n.episode
                        AND e.kind IN (\(NoticeKind.resolutionsInSQL))
                        AND (r.state = 'delivered' OR r.\(DeliveryState.isOpenInSQL)))
                THEN 1 ELSE 0 END) = 1
                AND max(CASE WHEN d.state = 'sending' THEN 1 ELSE 0 END) = 0
            ORDER BY d.receiver
            """, [.text(ending.subject.text), .integer(ending.episode)]
        ) { try $0.text() }
    }

    /// Certificates and lists for which a stage that begins after `horizon` was decided in the current episode.
    func subjects(decidedBeyond horizon: Instant) throws -> [Fingerprint] {
        try session.all(
            """
            SELECT DISTINCT n.fingerprint FROM notices n
            JOIN certificates c ON c.fingerprint = n.fingerprint AND c.episode = n.episode AND c.ended_at IS NULL
            WHERE n.kind IN ('expiring', 'expired') AND n.occurred_at >= $1 AND n.state IN ('open', 'superseded')
            """, [.integer(horizon.seconds)]
        ) { try $0.fingerprint() }
    }
}

/// Stored notices.
extension NoticeMemory {
    /// The facts of a notice that routes and silences match.
    struct Stored {
        let subject: NoticeSubject
        let registration: String
        let severity: Severity
        let fingerprint: Fingerprint?
        /// Its own stage, and the missed stages that it reports as well.
        let stages: Set<Stage>
    }

    /// nil for an unknown id.
    func stored(_ id: Int64) throws -> Stored? {
        try session.one(
            "SELECT subject, registration, severity, fingerprint, stage, missed FROM notices WHERE id = $1",
            [.integer(id)]
        ) { row in
            let (subject, registration) = (try row.subject(), try row.text())
            let (severity, fingerprint) = (try row.value(Severity.self), try row.optionalFingerprint())
            let stages = [try row.integer()] + (try row.text()).split(separator: ",").compactMap { Int64($0) }
            return Stored(
                subject: subject, registration: registration, severity: severity, fingerprint: fingerprint,
                stages: Set(stages.filter { $0 >= 0 }.map(Stage.init(secondsBefore:))))
        }
    }

    /// The receivers of a notice.
    func receivers(of noticeID: Int64) throws -> Set<String> {
        Set(
            try session.all("SELECT receiver FROM deliveries WHERE notice_id = $1", [.integer(noticeID)]) {
                try $0.text()
            })
    }

    /// A notice that is no longer open and whose delivery was just settled.
    struct Closed {
        let subject: NoticeSubject
        let episode: Int64
        /// nil when it was superseded.
        let ending: SubjectEnding?
    }

    /// The notices of these deliveries that are no longer open.
    func closed(ofDeliveries ids: [Int64]) throws -> [Closed] {
        try session.all(
            """
            SELECT n.subject, n.episode, n.ended_because, n.successor
            FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE d.id IN (\(SQLList.elements(of: "$1"))) AND n.state <> 'open' ORDER BY d.id
            """, [.list(ids)]
        ) { row in
            let (subject, episode) = (try row.subject(), try row.integer())
            let because = try row.optionalValue(EndReason.self)
            let successor = try row.optionalFingerprint()
            return Closed(
                subject: subject, episode: episode,
                ending: because.map {
                    SubjectEnding(subject: subject, episode: episode, because: $0, successor: successor)
                })
        }
    }

    /// Open notices that were delivered to no receiver and have no open delivery.
    func undelivered(at now: Instant) throws -> [Int64] {
        try session.all(
            """
            SELECT id FROM notices n WHERE state = 'open' AND kind IN ('expiring', 'expired', 'finding')
                AND useful_until >= $1 AND NOT EXISTS (SELECT 1 FROM deliveries d
                    WHERE d.notice_id = n.id AND (d.state = 'delivered' OR d.\(DeliveryState.isOpenInSQL)))
            ORDER BY id
            """, [.integer(now.seconds)]
        ) { try $0.integer() }
    }

    /// Open notices without a delivery for `receiver`.
    func open(withoutDeliveryTo receiver: String, at now: Instant) throws -> [Int64] {
        try session.all(
            """
            SELECT id FROM notices
            WHERE state = 'open' AND kind IN ('expiring', 'expired', 'finding') AND useful_until >= $1
                AND id NOT IN (SELECT notice_id FROM deliveries WHERE receiver = $2) ORDER BY id
            """, [.integer(now.seconds), .text(receiver)]
        ) { try $0.integer() }
    }

    /// An unsent delivery of an open notice.
    struct Unsent {
        let notice: Int64
        let delivery: Int64
        let receiver: String
    }

    /// Unsent deliveries of open notices, except those that receivers have inherited from a milder stage.
    func unsent() throws -> [Unsent] {
        try session.all(
            """
            SELECT n.id, d.id, d.receiver FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.state = 'open' AND n.kind IN ('expiring', 'expired', 'finding')
                AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND coalesce(d.named_by, '') <> $1
            ORDER BY n.id
            """, [.text(Addressee.inheritance)]
        ) { Unsent(notice: try $0.integer(), delivery: try $0.integer(), receiver: try $0.text()) }
    }

    /// Whether a receiver that is no longer configured has open deliveries.
    func isAnyOrphaned() throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM deliveries WHERE \(DeliveryState.isOpenInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            LIMIT 1
            """)
    }

    /// Whether a notice about `subject` waits to be sent.
    func isAwaited(_ subject: NoticeSubject) throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.subject = $1 AND n.state = 'open' AND d.\(DeliveryState.isOpenInSQL) LIMIT 1
            """, [.text(subject.text)])
    }
}

extension Addressee {
    /// The `namedBy` of a receiver that inherits a stage: no route names it for this stage, but it has not received yet
    /// the milder stage that this one supersedes.
    static let inheritance = "a superseded notice that it did not get"
}

extension SQLSession {
    /// Earlier notices and deliveries.
    var memory: NoticeMemory { NoticeMemory(session: self) }
}
