import Certificates
import ExpiryRules

/// Notices as rows, with a delivery for each receiver that is told.
struct NoticeRows {
    let session: any SQLSession
    let now: Instant

    /// Writes a notice and one pending delivery for each of `addressees`.
    ///
    /// - Returns: the notice's id, or nothing when it had been decided before.
    func tell(_ draft: NoticeDraft, to addressees: [Addressee]) throws -> [Int64] {
        guard let id = try insert(draft, state: .open) ?? reopen(draft) else { return [] }
        for missed in draft.missed {
            let passedOver = NoticeDraft(
                subject: draft.subject, kind: .expiring, stage: missed, episode: draft.episode,
                registration: draft.registration, fingerprint: draft.fingerprint, severity: .warning,
                occurredAt: draft.occurredAt, usefulUntil: draft.usefulUntil)
            _ = try insert(passedOver, state: .superseded)
        }
        try OutboxWriter(session: session, now: now).enqueue(noticeID: id, to: addressees)
        return [id]
    }

    /// The telling of a stage of `subject` that stands; nil when none does.
    func openStage(of subject: NoticeSubject) throws -> (id: Int64, severity: Severity)? {
        try session.first(
            """
            SELECT id, severity FROM notices n WHERE subject = $1 AND state = 'open' AND kind IN ('expiring', 'expired')
            ORDER BY episode DESC, stage, repetition DESC LIMIT 1
            """, [.text(subject.text)]
        ) { ($0.integer(0) ?? 0, $0.text(1).flatMap(Severity.init(rawValue:)) ?? .critical) }
    }

    /// Whether `registration` saw what the notice is about when it was decided.
    func wasDecided(_ noticeID: Int64, inSightOf registration: String) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM notices n JOIN sources s ON s.registration = $2
            JOIN observations o ON o.source_id = s.id AND o.fingerprint = n.fingerprint
            WHERE n.id = $1 AND o.first_seen < n.observed_at AND (o.ended_at IS NULL OR o.ended_at >= n.observed_at)
            LIMIT 1
            """, [.integer(noticeID), .text(registration)]
        ) { _ in true } ?? false
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
}
