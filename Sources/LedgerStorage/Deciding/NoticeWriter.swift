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

    /// Writes a notice and one pending delivery for each receiver that the routes name, and for each that has still to hear
    /// of a milder stage, or of the telling that a reminder repeats: nobody hears less for hearing late.
    ///
    /// - Returns: the notice's id, or nothing when it had been decided before.
    func tell(_ draft: NoticeDraft) throws -> [Int64] {
        var addressees = try NoticeRouter(session: session, plan: plan).addressees(of: draft)
        for receiver in try receiversStillToHear(lessUrgentThan: draft)
        where !addressees.contains(where: { $0.receiver == receiver }) {
            addressees.append(Addressee(receiver: receiver, namedBy: Self.inheritance))
        }
        return try NoticeRows(session: session, now: now).tell(draft, to: addressees)
    }

    /// Why a receiver hears of a stage though no registration of its own asks for it.
    static let inheritance = "what this supersedes and it has not heard"

    private func receiversStillToHear(lessUrgentThan draft: NoticeDraft) throws -> [String] {
        guard let stage = draft.stage else { return [] }
        return try session.query(
            """
            SELECT DISTINCT d.receiver FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.subject = $1 AND n.episode = $2 AND n.kind IN ('expiring', 'expired') AND n.state = 'open'
                AND (n.stage > $3 OR n.stage = $3 AND n.repetition < $4)
                AND d.\(DeliveryState.isOpenInSQL) ORDER BY d.receiver
            """,
            [
                .text(draft.subject.text), .integer(draft.episode), .integer(stage.secondsBefore),
                .integer(draft.repetition),
            ]
        ) { $0.text(0) ?? "" }
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
        let late = try receiversWithout(milderThan: stage, draft)
        let superseded = try session.execute(
            """
            UPDATE notices SET state = 'superseded'
            WHERE subject = $1 AND episode = $2 AND state = 'open' AND kind = 'expiring' AND stage > $3
            """, [.text(draft.subject.text), .integer(draft.episode), .integer(stage.secondsBefore)])
        guard superseded > 0 else { return }
        try OutboxWriter(session: session, now: now).settleIrrelevant(subject: draft.subject, episode: draft.episode)
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in late { try reachability.review(receiver, on: .stageBegan) }
    }

    /// Receivers that fail and have not taken a stage milder than `stage`.
    private func receiversWithout(milderThan stage: Stage, _ draft: NoticeDraft) throws -> [String] {
        try session.query(
            """
            SELECT DISTINCT d.receiver FROM notices n JOIN deliveries d ON d.notice_id = n.id
            JOIN receivers r ON r.name = d.receiver
            WHERE n.subject = $1 AND n.episode = $2 AND n.state = 'open' AND n.kind = 'expiring' AND n.stage > $3
                AND d.\(DeliveryState.isOpenInSQL) AND d.held_by IS NULL AND r.failing_since IS NOT NULL
            ORDER BY d.receiver
            """, [.text(draft.subject.text), .integer(draft.episode), .integer(stage.secondsBefore)]
        ) { $0.text(0) ?? "" }
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
