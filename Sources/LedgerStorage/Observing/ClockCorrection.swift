import Certificates
import ExpiryRules

/// Undoes what was decided by a clock that ran ahead, now that it was set back, inside one transaction: nothing is lost for
/// good to a time that has not come.
struct ClockCorrection {
    /// What comes within a day may stay decided: a correction of minutes or hours is no reason to take anything back.
    static let tolerance = TimeSpan.days(1)
    /// However far ahead the clock was when it was decided, nothing waits longer than this after it was set back.
    private static let longestWait = TimeSpan.hours(12)
    /// Names the time of the last withdrawal in the ledger's settings: without one nothing waits for a withdrawal.
    static let lastWithdrawal = "withdrew"

    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    private var horizon: SQLValue { .integer((now + Self.tolerance).seconds) }

    /// - Returns: the ids of the notices that were decided.
    func undo(_ step: TimeSpan) throws -> [Int64] {
        try OutboxWriter(session: session, now: now).callBack(putOffBeyond: now + Self.longestWait)
        try OutboxWriter(session: session, now: now).reviveExpiredInTheFuture()
        try session.execute(
            "UPDATE observations SET absent_since = $1 WHERE absent_since > $1 AND ended_at IS NULL",
            [.integer(now.seconds)])
        guard step > Self.tolerance else { return [] }
        try session.execute("UPDATE judgements SET review_at = $1", [.integer(now.seconds)])
        try withdrawSummaries()
        return try withdrawStages()
    }

    /// Takes back what was told of certificates and lists too early; it is told again when its time comes.
    private func withdrawStages() throws -> [Int64] {
        let told = try session.query(
            """
            SELECT DISTINCT n.fingerprint FROM notices n
            JOIN certificates c ON c.fingerprint = n.fingerprint AND c.episode = n.episode AND c.ended_at IS NULL
            WHERE n.kind IN ('expiring', 'expired') AND n.occurred_at >= $1 AND n.state IN ('open', 'superseded')
            """, [horizon]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        guard !told.isEmpty else { return [] }
        try session.execute(
            "INSERT INTO meta(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = $2",
            [.text(Self.lastWithdrawal), .text(String(now.seconds))])
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try told.compactMap(\.self).sorted().flatMap {
            try standing.withdrawStagesAhead(of: now + Self.tolerance, about: $0)
        }
    }

    /// A summary of a period that has not come was one of another time; the period gets its own.
    private func withdrawSummaries() throws {
        try session.execute(
            """
            UPDATE notices SET state = 'ended', ended_because = $1
            WHERE subject = $2 AND kind = 'summary' AND occurred_at > $3
            """, [.text(EndReason.toldTooEarly.rawValue), .text(NoticeSubject.summary.text), horizon])
        try session.execute(
            """
            UPDATE deliveries SET state = 'cancelled', reason = $1, settled_at = $2
            WHERE \(DeliveryState.isOpenInSQL) AND state <> 'sending' AND notice_id IN (
                SELECT id FROM notices WHERE subject = $3 AND kind = 'summary' AND state = 'ended')
            """,
            [
                .text(EndReason.toldTooEarly.cancellation.description), .integer(now.seconds),
                .text(NoticeSubject.summary.text),
            ])
    }
}
