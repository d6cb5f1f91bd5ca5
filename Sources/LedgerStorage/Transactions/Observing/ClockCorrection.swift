import Certificates
import ExpiryRules

/// Undoes what was decided by a clock that ran ahead, now that it was set back, inside one transaction: nothing is lost for
/// good to a time that has not come.
struct ClockCorrection {
    /// What comes within a day may stay decided: a correction of minutes or hours is no reason to take anything back.
    static let tolerance = TimeSpan.days(1)
    /// However far ahead the clock was when it was decided, nothing waits longer than this after it was set back.
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
        // A summary of a period that has not come was one of another time; the period gets its own.
        try session.notices.endSummaries(after: horizon)
        try session.deliveries.cancelEndedSummaries(at: now)
        return try withdrawStages()
    }

    /// Takes back what was told of certificates and lists too early; it is told again when its time comes.
    private func withdrawStages() throws -> [Int64] {
        let told = try session.memory.subjects(decidedBeyond: horizon)
        guard !told.isEmpty else { return [] }
        try session.meta.set(.lastWithdrawal, to: String(now.seconds))
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try told.sorted().flatMap {
            try standing.withdrawStagesAhead(of: horizon, about: $0)
        }
    }
}
