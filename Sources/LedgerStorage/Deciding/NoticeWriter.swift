import Certificates
import ExpiryRules

/// Writes decisions and their deliveries.
struct NoticeWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// The stages that were decided for `subject`, told or passed over. One that was cancelled with its threshold before
    /// anybody heard of it counts for nothing, should the threshold come back.
    func stagesTold(of subject: NoticeSubject, episode: Int64) throws -> Set<Stage> {
        Set(
            try session.query(
                """
                SELECT stage FROM notices n WHERE subject = $1 AND episode = $2 AND stage >= 0
                    AND (coalesce(ended_because, '') <> 'threshold_removed' OR EXISTS (
                        SELECT 1 FROM deliveries d WHERE d.notice_id = n.id
                            AND (d.state = 'delivered' OR d.maybe_seen = 1)))
                """, [.text(subject.text), .integer(episode)]
            ) { Stage(secondsBefore: $0.integer(0) ?? 0) })
    }

    /// Writes a notice and one pending delivery for each receiver of the route.
    ///
    /// - Returns: the notice's id, or nothing when it had been decided before.
    func tell(_ draft: NoticeDraft) throws -> [Int64] {
        guard let id = try insert(draft, state: .open) ?? reopen(draft) else { return [] }
        for missed in draft.missed {
            let passedOver = NoticeDraft(
                subject: draft.subject, kind: .expiring, stage: missed, episode: draft.episode,
                registration: draft.registration, fingerprint: draft.fingerprint, severity: .warning,
                occurredAt: draft.occurredAt, usefulUntil: draft.usefulUntil)
            _ = try insert(passedOver, state: .superseded)
        }
        for receiver in plan.route.receivers {
            try session.execute(
                """
                INSERT INTO deliveries(notice_id, receiver, state, next_at) VALUES($1, $2, 'pending', $3)
                ON CONFLICT DO NOTHING
                """, [.integer(id), .text(receiver), .integer(now.seconds)])
        }
        return [id]
    }

    /// Tells what was cancelled with its threshold, now that the threshold is back.
    private func reopen(_ draft: NoticeDraft) throws -> Int64? {
        let id = try session.first(
            """
            UPDATE notices SET state = 'open', ended_because = NULL
            WHERE subject = $1 AND kind = $2 AND stage = $3 AND episode = $4 AND repetition = $5
                AND ended_because = 'threshold_removed'
            RETURNING id
            """,
            [
                .text(draft.subject.text), .text(draft.kind.rawValue), .integer(draft.stageColumn),
                .integer(draft.episode), .integer(draft.repetition),
            ]
        ) { $0.integer(0) ?? 0 }
        if let id { try OutboxWriter(session: session, now: now).revive(noticeID: id) }
        return id
    }

    private func insert(_ draft: NoticeDraft, state: NoticeState) throws -> Int64? {
        try session.first(
            """
            INSERT INTO notices(subject, kind, stage, episode, state, registration, fingerprint, severity, message,
                occurred_at, observed_at, not_observed_since, missed, successor, useful_until, repetition)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            [
                .text(draft.subject.text), .text(draft.kind.rawValue), .integer(draft.stageColumn),
                .integer(draft.episode), .text(state.rawValue), .text(draft.registration),
                SQLValue(draft.fingerprint?.bytes), .text(draft.severity.rawValue), SQLValue(draft.message),
                .integer(draft.occurredAt.seconds), .integer(now.seconds),
                SQLValue(draft.notObservedSince?.seconds),
                .text(draft.missed.map { String($0.secondsBefore) }.joined(separator: ",")),
                SQLValue(draft.successor?.bytes), .integer(draft.usefulUntil.seconds),
                .integer(draft.repetition),
            ]
        ) { $0.integer(0) ?? 0 }
    }

    /// When somebody last looked, to say since when nobody did.
    func lastPassBeforeThisOne() throws -> Instant? {
        try session.first("SELECT finished_at FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1") {
            Instant(seconds: $0.integer(0) ?? 0)
        }
    }

    /// What was told of `stage` so far; nil when nothing was.
    func telling(of stage: Stage, about subject: NoticeSubject, episode: Int64) throws
        -> (last: ReminderSchedule.Telling, first: Instant)?
    {
        try session.first(
            """
            SELECT repetition, observed_at, (SELECT min(observed_at) FROM notices
                WHERE subject = $1 AND episode = $2 AND stage = $3)
            FROM notices WHERE subject = $1 AND episode = $2 AND stage = $3 ORDER BY repetition DESC LIMIT 1
            """, [.text(subject.text), .integer(episode), .integer(stage.secondsBefore)]
        ) { row in
            let last = ReminderSchedule.Telling(
                stage: stage, repetition: row.integer(0) ?? 0, decidedAt: Instant(seconds: row.integer(1) ?? 0))
            return (last, Instant(seconds: row.integer(2) ?? 0))
        }
    }

    /// Ends what was told of the same stage before the reminder `draft`, which is told instead.
    func supersedeEarlierReminders(than draft: NoticeDraft) throws {
        try session.execute(
            """
            UPDATE notices SET state = 'superseded'
            WHERE subject = $1 AND episode = $2 AND stage = $3 AND repetition < $4 AND state = 'open'
                AND kind IN ('expiring', 'expired')
            """,
            [
                .text(draft.subject.text), .integer(draft.episode), .integer(draft.stageColumn),
                .integer(draft.repetition),
            ])
        try OutboxWriter(session: session, now: now).settleIrrelevant(subject: draft.subject, episode: draft.episode)
    }

    /// Ends what was told of milder stages than `stage`, which is told instead.
    func supersedeMilderStages(than stage: Stage, of draft: NoticeDraft) throws {
        let superseded = try session.execute(
            """
            UPDATE notices SET state = 'superseded'
            WHERE subject = $1 AND episode = $2 AND state = 'open' AND kind = 'expiring' AND stage > $3
            """, [.text(draft.subject.text), .integer(draft.episode), .integer(stage.secondsBefore)])
        guard superseded > 0 else { return }
        try OutboxWriter(session: session, now: now).settleIrrelevant(subject: draft.subject, episode: draft.episode)
    }
}

/// The life of a notice. Raw values stand in the ledger.
package enum NoticeState: String, Hashable, Sendable {
    /// True, and being told.
    case open
    /// A more urgent stage is told instead.
    case superseded
    /// Renewed, removed, recovered or unregistered.
    case ended
}
