import Certificates
import ExpiryRules

/// Undoes decisions of a clock that ran ahead, after it was set back, inside one transaction, so that no notice is lost
/// because it was decided for a time that has not come.
struct ClockCorrection {
    /// Decisions for times within a day are kept, since a correction of minutes or hours does not justify a withdrawal.
    static let tolerance = TimeSpan.days(1)
    /// The longest time that a delivery may wait after the clock was set back.
    private static let longestWait = TimeSpan.hours(12)
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    private var horizon: Instant { now + Self.tolerance }

    /// - Returns: the ids of the notices that were decided.
    func undo(_ step: TimeSpan) throws -> [Int64] {
        try OutboxWriter(session: session, now: now).callBack(putOffBeyond: now + Self.longestWait)
        try session.deliveries.reviveExpiredInTheFuture(at: now)
        try session.observations.bringAbsencesBack(to: now)
        guard step > Self.tolerance else { return [] }
        try session.judgements.reviewAll(at: now)
        // A summary of a period in the future has wrong figures. The period gets a summary of its own later.
        try session.notices.endSummaries(after: horizon)
        try session.deliveries.cancelEndedSummaries(at: now)
        return try withdrawStages()
    }

    /// Withdraws notices of certificates and lists that were too early. They are sent again when their time comes.
    private func withdrawStages() throws -> [Int64] {
        let notified = try session.memory.subjects(decidedBeyond: horizon)
        guard !notified.isEmpty else { return [] }
        try session.meta.set(.lastWithdrawal, to: String(now.seconds))
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try notified.sorted().flatMap {
            try standing.withdrawStagesAhead(of: horizon, about: $0)
        }
    }
}
