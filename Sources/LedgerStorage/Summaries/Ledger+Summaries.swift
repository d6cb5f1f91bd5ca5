import Certificates
import ExpiryRules

extension Ledger {
    /// Decides the summary of the present period, unless it was decided. Of periods that nobody was there for, no summary
    /// is made up.
    ///
    /// - Returns: the id of the notice, if one was decided.
    /// - Throws: `LedgerError`.
    package func decideSummary(plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        guard let summary = plan.summary else { return [] }
        let isDecided = try await engine.read {
            try SummaryWriter(session: $0, now: now).isDecided(summary.beginning(at: now))
        }
        guard !isDecided else { return [] }
        return try await engine.write { try SummaryWriter(session: $0, now: now).decide(summary) }
    }

    /// When `decideSummary` has something to decide next; nil when there are no summaries.
    package func nextSummaryDue(plan: WatchPlan, at now: Instant) async throws -> Instant? {
        guard let summary = plan.summary else { return nil }
        let beginning = summary.beginning(at: now)
        let isDecided = try await engine.read { try SummaryWriter(session: $0, now: now).isDecided(beginning) }
        return isDecided ? beginning + summary.every : now
    }
}

/// Writes the notices of summaries, inside one transaction.
private struct SummaryWriter {
    let session: any SQLSession
    let now: Instant

    func isDecided(_ beginning: Instant) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM notices WHERE subject = $1 AND kind = $2 AND stage = -1 AND episode = $3
                AND coalesce(ended_because, '') <> $4
            """,
            [
                .text(NoticeSubject.summary.text), .text(NoticeKind.summary.rawValue), .integer(beginning.seconds),
                .text(EndReason.toldTooEarly.rawValue),
            ]
        ) { _ in true } ?? false
    }

    /// The period's beginning is its number, so that the message's id is the same on every node. One that a clock which ran
    /// ahead has used up is counted on as a repetition.
    func decide(_ plan: SummaryPlan) throws -> [Int64] {
        let beginning = plan.beginning(at: now)
        // What the last one could not tell, this one does.
        try OutboxWriter(session: session, now: now).expireUseless()
        let id =
            try session.first(
                """
                INSERT INTO notices(subject, kind, stage, episode, state, registration, severity, occurred_at, observed_at,
                    missed, useful_until, repetition)
                SELECT $1, $2, -1, $3, 'open', $4, $5, $3, $6, '', $7, count(*) FROM notices
                WHERE subject = $1 AND kind = $2 AND stage = -1 AND episode = $3 AND ended_because = $8
                ON CONFLICT DO NOTHING RETURNING id
                """,
                [
                    .text(NoticeSubject.summary.text), .text(NoticeKind.summary.rawValue), .integer(beginning.seconds),
                    .text(NoticeSubject.summaryRegistration), .text(Severity.info.rawValue), .integer(now.seconds),
                    .integer((beginning + plan.every).seconds - 1), .text(EndReason.toldTooEarly.rawValue),
                ]
            ) { $0.integer(0) } ?? nil
        guard let id else { return [] }
        try session.execute(
            "UPDATE notices SET state = 'superseded' WHERE subject = $1 AND kind = $2 AND state = 'open' AND id <> $3",
            [.text(NoticeSubject.summary.text), .text(NoticeKind.summary.rawValue), .integer(id)])
        for receiver in plan.receivers {
            try session.execute(
                """
                INSERT INTO deliveries(notice_id, receiver, state, next_at, goes_alone) VALUES($1, $2, 'pending', $3, 1)
                """, [.integer(id), .text(receiver), .integer(now.seconds)])
        }
        return [id]
    }
}
