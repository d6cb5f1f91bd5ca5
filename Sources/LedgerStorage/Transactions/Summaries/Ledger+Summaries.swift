import Certificates
import ExpiryRules

extension Ledger {
    /// Decides the summary of the current period if it was not decided yet. Periods without a pass get no summary.
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

    /// When `decideSummary` has something to decide next; nil if summaries are not configured.
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
        // Deliveries of the last summary that are no longer useful expire, since this one replaces it.
        try OutboxWriter(session: session, now: now).expireUseless()
        let inserted = try session.notices.insertSummary(ofPeriod: beginning, until: beginning + plan.every, at: now)
        guard let id = inserted else { return [] }
        try session.notices.supersedeSummaries(butFor: id)
        try session.deliveries.enqueueSummary(noticeID: id, to: plan.receivers, at: now)
        return [id]
    }
}
