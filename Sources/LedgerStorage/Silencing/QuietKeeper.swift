import Certificates
import ExpiryRules

/// Lets deliveries wait for the end of their receiver's quiet hours, inside one transaction.
///
/// A delivery that waits stays in its state and is due at the end. Applied before each claim, so that nothing leaves by any
/// path that made it due.
struct QuietKeeper {
    let session: any SQLSession
    let now: Instant

    /// Makes what is due for `receiver` wait for the end of `quiet`, and calls back what waits for an end that is none of its
    /// any more, because the configuration has changed. With `quiet` nil nothing waits.
    func apply(_ quiet: Quiet?, to receiver: String) throws {
        let rank = quiet.map { quiet in Int64(Severity.allCases.firstIndex(of: quiet.severity) ?? 0) } ?? -1
        let end = quiet?.end ?? now
        try session.execute(
            """
            UPDATE deliveries SET quiet_until = NULL, next_at = $1
            -- By an expression, so that SQLite begins with the few that are quiet and not with all that is open.
            WHERE quiet_until > $1 AND coalesce(receiver, '') = $2 AND \(DeliveryState.isOpenInSQL)
                AND (quiet_until <> $3 OR \(Self.rankInSQL) > $4)
            """, [.integer(now.seconds), .text(receiver), .integer(end.seconds), .integer(rank)])
        guard quiet != nil else { return }
        try session.execute(
            """
            UPDATE deliveries SET quiet_until = $3, next_at = $3
            WHERE receiver = $2 AND \(DeliveryState.isOpenInSQL) AND state <> 'sending' AND next_at <= $1
                AND \(Self.rankInSQL) <= $4
            """, [.integer(now.seconds), .text(receiver), .integer(end.seconds), .integer(rank)])
    }

    /// How bad the notice of a delivery is.
    private static let rankInSQL: SQLText =
        "(SELECT \(Severity.rankInSQL("n.severity")) FROM notices n WHERE n.id = deliveries.notice_id)"

    /// A condition on a delivery `d`: whether it waits for the end of quiet hours at the parameter `now`.
    static func isWaitingInSQL(now: SQLText) -> SQLText { "coalesce(d.quiet_until, 0) > \(now)" }
}
