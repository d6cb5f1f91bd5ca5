import Certificates
import ExpiryRules

/// Makes notices of stages wait for notices about the clock: the finding that it was stepped, and the withdrawal of
/// stages that were sent too early.
enum ClockPrecedence {
    /// How long a notice waits at most.
    private static let patience = TimeSpan.hours(1)

    /// The parameter `since`: notices about the clock that are older make no stage wait.
    static func parameter(at now: Instant) -> SQLValue { .integer((now - patience).seconds) }

    /// A condition on a notice `n` and its delivery `d`: whether the receiver must first get the finding about the
    /// clock, or the withdrawal of an earlier notice of the same subject. `CROSS JOIN` makes SQLite start with these
    /// few notices instead of all open deliveries of the receiver.
    static func mustBeReachedFirstInSQL(since: SQLText) -> SQLText {
        """
        n.kind = 'expired' AND EXISTS (
            SELECT 1 FROM notices c CROSS JOIN deliveries k
            WHERE k.notice_id = c.id AND k.receiver = d.receiver AND c.subject = 'finding:notafter:clock_stepped:clock'
                AND c.state = 'open' AND c.observed_at > \(since) AND k.\(DeliveryState.isOpenInSQL)
                AND k.held_by IS NULL AND k.quiet_until IS NULL)
        OR coalesce((
                SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'withdrew'), 0) > \(since)
            AND n.kind IN ('expiring', 'expired') AND EXISTS (
            SELECT 1 FROM notices c CROSS JOIN deliveries k
            WHERE k.notice_id = c.id AND k.receiver = d.receiver AND c.subject = n.subject
                AND c.kind = 'withdrawn' AND c.episode < n.episode AND c.state = 'open' AND c.observed_at > \(since)
                AND k.\(DeliveryState.isOpenInSQL) AND k.state <> 'parked' AND k.quiet_until IS NULL)
        """
    }
}
