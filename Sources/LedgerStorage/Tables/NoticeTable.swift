import Certificates
import ExpiryRules

/// The only writer of `notices`.
struct NoticeTable {
    let session: any SQLSession

    private static let insert = SQLBulk(columns: 16) { rows in
        """
        INSERT INTO notices(subject, kind, stage, episode, state, registration, fingerprint, severity, facts,
            occurred_at, observed_at, not_observed_since, missed, successor, useful_until, repetition)
        VALUES \(rows) ON CONFLICT DO NOTHING RETURNING id, subject
        """
    }

    /// Inserts the notices that were not decided before. No two of them may have the same subject.
    ///
    /// - Returns: the ids of the inserted notices, by subject.
    func insert(_ drafts: [NoticeDraft], state: NoticeState, at now: Instant) throws -> [NoticeSubject: Int64] {
        let inserted = try session.all(Self.insert, drafts.map { try Self.values(of: $0, state: state, at: now) }) {
            row in
            let id = try row.integer()
            return (try row.subject(), id)
        }
        return Dictionary(inserted, uniquingKeysWith: { first, _ in first })
    }

    /// Inserts the notices of stages that were crossed without an observation. The notice that superseded them reports
    /// them.
    func insertPassedOver(_ drafts: [NoticeDraft], at now: Instant) throws {
        let passedOver = drafts.flatMap { draft in
            draft.missed.map { missed in
                NoticeDraft(
                    subject: draft.subject, kind: .expiring, stage: missed, episode: draft.episode,
                    registration: draft.registration, fingerprint: draft.fingerprint, severity: .warning,
                    occurredAt: draft.occurredAt, usefulUntil: draft.usefulUntil)
            }
        }
        try session.executeAll(Self.insert, passedOver.map { try Self.values(of: $0, state: .superseded, at: now) })
    }

    private static func values(of draft: NoticeDraft, state: NoticeState, at now: Instant) throws -> [SQLValue] {
        [
            .text(draft.subject.text), .text(draft.kind.rawValue), .integer(draft.stageColumn),
            .integer(draft.episode), .text(state.rawValue), .text(draft.registration),
            SQLValue(draft.fingerprint?.bytes), .text(draft.severity.rawValue),
            try SQLValue(draft.facts.map(FactCodec.text)),
            .integer(draft.occurredAt.seconds), .integer(now.seconds),
            SQLValue(draft.notObservedSince?.seconds),
            .text(draft.missed.map { String($0.secondsBefore) }.joined(separator: ",")),
            SQLValue(draft.successor?.bytes), .integer(draft.usefulUntil.seconds),
            .integer(draft.repetition),
        ]
    }

    /// Opens a notice that was cancelled with its threshold, since the threshold is configured again.
    ///
    /// - Returns: its id; nil if there is none.
    func reopen(_ draft: NoticeDraft) throws -> Int64? {
        try session.one(
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
        ) { try $0.integer() }
    }

    /// Supersedes the open notices of a finding in an episode, since the finding has changed.
    func supersede(_ subject: NoticeSubject, episode: Int64) throws {
        try session.execute(
            "UPDATE notices SET state = 'superseded' WHERE subject = $1 AND episode = $2 AND state = 'open'",
            [.text(subject.text), .integer(episode)])
    }

    /// Supersedes the earlier notices of the stage that the reminder `draft` repeats.
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
    }

    /// Supersedes the notices of milder stages than that of each of `drafts`.
    ///
    /// - Returns: the episodes with superseded notices.
    func supersedeMilderStages(than drafts: [NoticeDraft]) throws -> Set<SubjectEpisode> {
        Set(
            try session.all(
                """
                UPDATE notices SET state = 'superseded' WHERE id IN (
                    SELECT n.id FROM \(SubjectEpisode.noticesInSQL(of: "$1"))
                    WHERE n.state = 'open' AND n.kind = 'expiring' AND n.stage > e.value ->> 2)
                RETURNING subject, episode
                """, [SubjectEpisode.list(drafts.map { ($0.subjectEpisode, [$0.stageColumn]) })]
            ) { SubjectEpisode(subject: try $0.subject(), episode: try $0.integer()) })
    }

    /// Ends the notices of stages that are not among `wanted`, since their thresholds were removed from the
    /// configuration.
    ///
    /// - Returns: the number of notices.
    func cancelStages(of subject: NoticeSubject, episode: Int64, butFor wanted: Set<Stage>) throws -> Int {
        try session.execute(
            """
            UPDATE notices SET state = 'ended', ended_because = 'threshold_removed'
            WHERE subject = $1 AND episode = $2 AND state = 'open' AND kind = 'expiring'
                AND stage NOT IN (\(SQLList.elements(of: "$3")))
            """, [.text(subject.text), .integer(episode), .list(wanted.map(\.secondsBefore))])
    }

    /// Ends a subject's notices of one episode. This includes notices that a more urgent stage superseded, or a changed
    /// finding in an earlier episode: they may be in an attempt right now, and then the resolution must follow them.
    func end(_ ending: SubjectEnding) throws {
        try session.execute(
            """
            UPDATE notices SET ended_because = $1, successor = $2,
                state = CASE state WHEN 'open' THEN 'ended' ELSE state END
            WHERE subject = $3 AND (episode = $4 OR (
                episode < $4 AND kind = 'finding' AND state = 'superseded' AND ended_because IS NULL))
            """,
            [
                .text(ending.because.rawValue), SQLValue(ending.successor?.bytes), .text(ending.subject.text),
                .integer(ending.episode),
            ])
    }

    /// Withdraws the resolutions of earlier episodes of a subject that is back, because they would seem to resolve the
    /// new episode.
    ///
    /// - Returns: the episodes whose ends were withdrawn.
    func withdrawEnds(of subject: NoticeSubject, before episode: Int64) throws -> [Int64] {
        try session.all(
            """
            UPDATE notices SET state = 'ended', ended_because = 'reopened'
            WHERE subject = $1 AND episode < $2 AND state = 'open' AND kind IN (\(NoticeKind.resolutionsInSQL)) RETURNING episode
            """, [.text(subject.text), .integer(episode)]
        ) { try $0.integer() }
    }

    /// Opens a subject's notices again that ended because it was unregistered.
    ///
    /// - Returns: the ids of the notices that are open.
    func undoUnregistering(_ subject: NoticeSubject, episode: Int64) throws -> [Int64] {
        try session.all(
            """
            UPDATE notices SET state = CASE state WHEN 'ended' THEN 'open' ELSE state END, ended_because = NULL
            WHERE subject = $1 AND episode = $2 AND ended_because = 'unregistered' RETURNING id, state
            """, [.text(subject.text), .integer(episode)]
        ) { (id: try $0.integer(), state: try $0.value(NoticeState.self)) }.filter { $0.state == .open }.map(\.id)
    }

    /// Inserts a resolution. In an episode without notices it resolves those of an earlier one.
    ///
    /// - Returns: its id; nil if there was one already.
    func insertResolution(_ kind: NoticeKind, of ending: SubjectEnding, at now: Instant) throws -> Int64? {
        try session.one(
            """
            INSERT INTO notices(subject, kind, stage, episode, state, registration, fingerprint, severity, message,
                facts, occurred_at, observed_at, missed, successor, useful_until)
            SELECT subject, $1, -1, $6, 'open', registration, fingerprint, severity, message, facts, $2, $2, '', $3,
                CASE WHEN kind <> 'finding' AND useful_until > $4 THEN useful_until ELSE $4 END
            FROM notices WHERE subject = $5 AND episode <= $6 AND kind IN ('expiring', 'expired', 'finding')
            ORDER BY episode DESC, stage DESC LIMIT 1
            ON CONFLICT DO NOTHING RETURNING id
            """,
            [
                .text(kind.rawValue), .integer(now.seconds), SQLValue(ending.successor?.bytes),
                .integer((now + NoticeDraft.usefulness).seconds), .text(ending.subject.text), .integer(ending.episode),
            ]
        ) { try $0.integer() }
    }

    /// The existing resolution of an episode.
    ///
    /// - Throws: `LedgerError` when there is none.
    func resolution(_ kind: NoticeKind, of ending: SubjectEnding) throws -> Int64 {
        let id = try session.one(
            "SELECT id FROM notices WHERE subject = $1 AND kind = $2 AND episode = $3",
            [.text(ending.subject.text), .text(kind.rawValue), .integer(ending.episode)]
        ) { try $0.integer() }
        guard let id else { throw LedgerDamage("an end without a beginning") }
        return id
    }

    /// Keeps notices useful until `instant`, so that a notice that is still true when a silence ends is sent, however
    /// old it is.
    func keepUseful(_ ids: [Int64], until instant: Instant) throws {
        guard !ids.isEmpty else { return }
        try session.execute(
            "UPDATE notices SET useful_until = $1 WHERE id IN (\(SQLList.elements(of: "$2"))) AND useful_until < $1",
            [.integer(instant.seconds), .list(ids)])
    }

    /// Deletes notices. Their deliveries must be deleted first.
    func forget(_ ids: [Int64]) throws {
        try session.execute("DELETE FROM notices WHERE id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

/// Summaries.
extension NoticeTable {
    private static let summary = SQLValue.text(NoticeSubject.summary.text)

    /// Whether the summary of the period that begins at `beginning` was decided.
    func isSummaryDecided(ofPeriod beginning: Instant) throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM notices WHERE subject = $1 AND kind = 'summary' AND stage = -1 AND episode = $2
                AND coalesce(ended_because, '') <> 'told_too_early'
            """, [Self.summary, .integer(beginning.seconds)])
    }

    /// Inserts the summary of a period. The start of the period is its episode, so that the message's id is the same on
    /// every node. If a clock that ran ahead has used the episode, the summary gets the next repetition number.
    ///
    /// - Returns: its id; nil if it was decided already.
    func insertSummary(ofPeriod beginning: Instant, until end: Instant, at now: Instant) throws -> Int64? {
        try session.one(
            """
            INSERT INTO notices(subject, kind, stage, episode, state, registration, severity, occurred_at, observed_at,
                missed, useful_until, repetition)
            SELECT $1, 'summary', -1, $2, 'open', $3, 'info', $2, $4, '', $5, count(*) FROM notices
            WHERE subject = $1 AND kind = 'summary' AND stage = -1 AND episode = $2
                AND ended_because = 'told_too_early'
            ON CONFLICT DO NOTHING RETURNING id
            """,
            [
                Self.summary, .integer(beginning.seconds), .text(NoticeSubject.summaryRegistration),
                .integer(now.seconds), .integer(end.seconds - 1),
            ]
        ) { try $0.integer() }
    }

    /// Supersedes all summaries except the last one.
    func supersedeSummaries(butFor id: Int64) throws {
        try session.execute(
            "UPDATE notices SET state = 'superseded' WHERE subject = $1 AND kind = 'summary' AND state = 'open' AND id <> $2",
            [Self.summary, .integer(id)])
    }

    /// Ends the summaries of periods that begin after `horizon`, which a clock that ran ahead has decided.
    func endSummaries(after horizon: Instant) throws {
        try session.execute(
            """
            UPDATE notices SET state = 'ended', ended_because = 'told_too_early'
            WHERE subject = $1 AND kind = 'summary' AND occurred_at > $2
            """, [Self.summary, .integer(horizon.seconds)])
    }
}

extension SQLSession {
    /// The table `notices`.
    var notices: NoticeTable { NoticeTable(session: self) }
}
