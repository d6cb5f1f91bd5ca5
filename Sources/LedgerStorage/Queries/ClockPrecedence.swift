import Certificates

/// What has to be told before a stage is: that the clock was set, and that the stage was told too early.
enum ClockPrecedence {
    /// How long a certificate that has just expired waits for the clock's step to be told first, and a stage for the
    /// withdrawal of what was told too early.
    private static let patience = TimeSpan.hours(1)

    /// The parameter with the time before which nothing waits any more.
    static func parameter(at now: Instant) -> SQLValue { .integer((now - patience).seconds) }

    /// A condition on a notice `n` and its delivery `d`: whether the receiver has still to hear of the clock first, or that a
    /// stage of the same subject was told too early. `since` is the parameter. `CROSS JOIN` makes SQLite begin with the few
    /// notices, and not with all that is open for the receiver.
    static func mustHearFirstInSQL(since: SQLText) -> SQLText {
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
