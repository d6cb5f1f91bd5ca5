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
            try $0.notices.isSummaryDecided(ofPeriod: summary.beginning(at: now))
        }
        guard !isDecided else { return [] }
        return try await engine.write { try SummaryWriter(session: $0, now: now).decide(summary) }
    }

    /// When `decideSummary` has something to decide next; nil when there are no summaries.
    package func nextSummaryDue(plan: WatchPlan, at now: Instant) async throws -> Instant? {
        guard let summary = plan.summary else { return nil }
        let beginning = summary.beginning(at: now)
        let isDecided = try await engine.read { try $0.notices.isSummaryDecided(ofPeriod: beginning) }
        return isDecided ? beginning + summary.every : now
    }
}

/// Writes the notices of summaries, inside one transaction.
private struct SummaryWriter {
    let session: any SQLSession
    let now: Instant

    func decide(_ plan: SummaryPlan) throws -> [Int64] {
        let beginning = plan.beginning(at: now)
        // What the last one could not tell, this one does.
        try OutboxWriter(session: session, now: now).expireUseless()
        let inserted = try session.notices.insertSummary(ofPeriod: beginning, until: beginning + plan.every, at: now)
        guard let id = inserted else { return [] }
        try session.notices.supersedeSummaries(butFor: id)
        try session.deliveries.enqueueSummary(noticeID: id, to: plan.receivers, at: now)
        return [id]
    }
}
