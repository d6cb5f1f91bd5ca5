import Certificates

/// The only writer of `attempts`.
struct AttemptTable {
    let session: any SQLSession

    /// The most attempts that are stored for a delivery, so that one that is refused for years does not fill the
    /// ledger.
    private static let kept = SQLValue(1_000)

    /// Inserts the current attempt of each delivery.
    func begin(_ deliveries: [Int64], at now: Instant) throws {
        let list = SQLValue.list(deliveries)
        try session.execute(
            """
            INSERT INTO attempts(delivery_id, number, started_at)
            SELECT id, attempts, $1 FROM deliveries WHERE id IN (\(SQLList.elements(of: "$2")))
            """, [.integer(now.seconds), list])
        try session.execute(
            """
            DELETE FROM attempts WHERE delivery_id IN (\(SQLList.elements(of: "$2")))
                AND number <= (SELECT attempts FROM deliveries WHERE id = delivery_id) - $1
            """, [Self.kept, list])
    }

    /// Marks the attempts at one message as `unknown`, because its sender ended before it could record the result.
    func concedeLost(messageRow: Int64?, because detail: String) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = $1
            WHERE outcome IS NULL
                AND delivery_id IN (SELECT id FROM deliveries WHERE message = $2 AND state = 'sending')
                AND number = (SELECT attempts FROM deliveries WHERE id = delivery_id)
            """, [.text(detail), SQLValue(messageRow)])
    }

    /// Records the results of attempts. An attempt that was marked as lost stays `unknown`, because it is the reason
    /// why the receiver may have been sent another copy.
    func settle(_ parts: [Claim.Part], with settlement: Settlement) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = coalesce(outcome, $1), status = $2, detail = $3, milliseconds = $4
            WHERE (delivery_id, number) IN (\(Self.parts("$5")))
            """,
            [
                .text(settlement.outcome.rawValue), SQLValue(settlement.status.map(Int64.init)),
                .text(settlement.detail), SQLValue(settlement.milliseconds), Self.list(parts),
            ])
    }

    /// After a late acceptance, marks other open attempts as `unknown`: another sender may have taken over the
    /// deliveries and may be sending them again.
    func concedeOthers(than parts: [Claim.Part]) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'an earlier attempt turned out to have arrived'
            WHERE delivery_id IN (SELECT value ->> 0 FROM json_each($1)) AND outcome IS NULL
                AND (delivery_id, number) NOT IN (\(Self.parts("$1")))
            """, [Self.list(parts)])
    }

    /// Marks attempts in progress as `unknown` whose receiver was removed from the configuration.
    func concedeOrphans() throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'its receiver was taken out while it was being sent'
            WHERE outcome IS NULL AND delivery_id IN (SELECT id FROM deliveries
                WHERE state = 'sending' AND receiver NOT IN (SELECT name FROM receivers))
            """, [])
    }

    /// Deletes the attempts at the deliveries of notices.
    func forget(ofNotices notices: [Int64]) throws {
        try session.execute(
            """
            DELETE FROM attempts WHERE delivery_id IN (
                SELECT id FROM deliveries WHERE notice_id IN (\(SQLList.elements(of: "$1"))))
            """, [.list(notices)])
    }

    private static func list(_ parts: [Claim.Part]) -> SQLValue {
        .list(rows: parts.map { [.integer($0.deliveryID), SQLValue($0.attempt)] })
    }

    private static func parts(_ parameter: SQLText) -> SQLText {
        "SELECT value ->> 0, value ->> 1 FROM json_each(\(parameter))"
    }
}

extension SQLSession {
    /// The table `attempts`.
    var attempts: AttemptTable { AttemptTable(session: self) }
}
