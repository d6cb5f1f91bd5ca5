import Certificates
import ExpiryRules

/// The changes to deliveries by sending, refusals, quiet hours and silences.
extension DeliveryTable {
    /// A lease on the deliveries in one message.
    struct Lease {
        let token: [UInt8]
        let heldUntil: BootTime
        let messageRow: Int64
    }

    /// A delivery that was leased.
    struct Leased {
        let deliveryID: Int64
        let attempt: Int
        let mayHaveBeenSeen: Bool
    }

    /// Leases deliveries for one attempt.
    func hold(_ ids: [Int64], under lease: Lease) throws -> [Leased] {
        try session.all(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.leased.nextStateInSQL), token = $1, attempts = attempts + 1,
                boot_id = $2, lease_until = $3, message = $4
            WHERE id IN (\(SQLList.elements(of: "$5"))) AND \(DeliveryEvent.leased.appliesInSQL)
            RETURNING id, attempts, maybe_seen
            """,
            [
                .blob(lease.token), .text(lease.heldUntil.bootID), .integer(lease.heldUntil.seconds),
                .integer(lease.messageRow), .list(ids),
            ]
        ) { Leased(deliveryID: try $0.integer(), attempt: try $0.count(), mayHaveBeenSeen: try $0.flag()) }
    }

    /// Records that the sender of a message ended without a result, so the receiver may have the message.
    ///
    /// - Parameters:
    ///   - messageRow: the message's row.
    ///   - reason: why the deliveries are held for manual retry; nil to retry them.
    /// - Throws: `LedgerError`.
    func concedeLost(messageRow: Int64?, holdingBecause reason: String?) throws {
        try session.execute(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.leaseExpired.nextStateInSQL), token = NULL,
                maybe_seen = \(DeliveryEvent.leaseExpired.nextMaybeSeenInSQL),
                next_at = CASE WHEN $1 IS NULL THEN next_at ELSE \(DeliveryState.neverInSQL) END,
                reason = coalesce($1, reason)
            WHERE message = $2 AND \(DeliveryEvent.leaseExpired.appliesInSQL)
            """, [SQLValue(reason), SQLValue(messageRow)])
    }

    /// Ends deliveries that were accepted, even if another sender holds the lease now.
    func markDelivered(_ ids: [Int64], at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.accepted.nextStateInSQL), reason = NULL, settled_at = $1,
                token = NULL
            WHERE id IN (\(SQLList.elements(of: "$2")))
            """, [.integer(now.seconds), .list(ids)])
    }

    /// The result of an attempt that was not accepted.
    struct Setback {
        let event: DeliveryEvent
        let nextAt: Instant
        let reason: String
    }

    /// Applies a setback to deliveries that are still under the lease `token`.
    ///
    /// - Returns: whether the lease was still held.
    func setBack(_ ids: [Int64], by setback: Setback, token: [UInt8]) throws -> Bool {
        let changed = try session.execute(
            """
            UPDATE deliveries SET state = \(setback.event.nextStateInSQL), next_at = $1, reason = $2, token = NULL,
                maybe_seen = \(setback.event.nextMaybeSeenInSQL)
            WHERE id IN (\(SQLList.elements(of: "$4"))) AND token = $3 AND \(setback.event.appliesInSQL)
            """, [.integer(setback.nextAt.seconds), .text(setback.reason), .blob(token), .list(ids)])
        return changed > 0
    }

    /// Splits a message. From now on its notices are sent one by one and never share a message.
    func split(messageRow: Int64) throws {
        try session.execute(
            """
            UPDATE deliveries SET message = NULL, goes_alone = 1
            WHERE message = $1 AND \(DeliveryState.isClaimableInSQL)
            """, [.integer(messageRow)])
    }

    /// Removes the open deliveries from a message, because not all of its notices are still to be sent.
    func dissolve(messageRow: Int64) throws {
        try session.execute(
            "UPDATE deliveries SET message = NULL WHERE message = $1 AND \(DeliveryState.isOpenInSQL)",
            [.integer(messageRow)])
    }

    /// Whether an attempt at a message may have arrived.
    func mayHaveBeenSeen(messageRow: Int64) throws -> Bool {
        try session.exists(
            "SELECT 1 FROM deliveries WHERE message = $1 AND maybe_seen = 1 LIMIT 1", [.integer(messageRow)])
    }
}

/// Refusals.
extension DeliveryTable {
    /// Marks deliveries that were just refused. A refused notice about another receiver does not count as a new
    /// refusal, because two refusing receivers would otherwise create notices about each other without end.
    func noteRefusal(_ ids: [Int64]) throws {
        try session.execute(
            """
            UPDATE deliveries SET refused = CASE WHEN EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = deliveries.notice_id AND \(NoticeSubject.isOfReceiverInSQL))
                THEN 1 ELSE coalesce(refused, 0) END
            WHERE id IN (\(SQLList.elements(of: "$1")))
            """, [.list(ids)])
    }

    /// Marks all open deliveries for a receiver as refused, because it is gone and nothing is attempted.
    func noteRefusalOfAll(for receiver: String) throws {
        try session.execute(
            """
            UPDATE deliveries SET refused = 0
            WHERE receiver = $1 AND refused IS NULL AND \(DeliveryState.isClaimableInSQL)
            """, [.text(receiver)])
    }

    /// Notes that the finding about a receiver covers all its refusals so far.
    func markRefusalsReported(for receiver: String) throws {
        try session.execute(
            "UPDATE deliveries SET refused = 1 WHERE receiver = $1 AND refused = 0 AND \(DeliveryState.isOpenInSQL)",
            [.text(receiver)])
    }
}

/// Quiet hours and silences.
extension DeliveryTable {
    /// The rank of the severity of a delivery's notice.
    private static let rankInSQL: SQLText =
        "(SELECT \(Severity.rankInSQL("n.severity")) FROM notices n WHERE n.id = deliveries.notice_id)"

    /// Makes deliveries due whose quiet hours have another end now or no longer apply.
    func endQuiet(for receiver: String, unlessUntil end: Instant, rankedUpTo rank: Int64, at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET quiet_until = NULL, next_at = $1
            -- By an expression, so that SQLite begins with the few that are quiet and not with all that is open.
            WHERE quiet_until > $1 AND coalesce(receiver, '') = $2 AND \(DeliveryState.isOpenInSQL)
                AND (quiet_until <> $3 OR \(Self.rankInSQL) > $4)
            """, [.integer(now.seconds), .text(receiver), .integer(end.seconds), .integer(rank)])
    }

    /// Postpones due deliveries to the end of quiet hours.
    func beginQuiet(for receiver: String, until end: Instant, rankedUpTo rank: Int64, at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET quiet_until = $3, next_at = $3
            WHERE receiver = $2 AND \(DeliveryState.isClaimableInSQL) AND next_at <= $1
                AND \(Self.rankInSQL) <= $4
            """, [.integer(now.seconds), .text(receiver), .integer(end.seconds), .integer(rank)])
    }

    /// Holds deliveries until the end of a silence.
    func hold(_ ids: [Int64], by silence: Silence) throws {
        guard !ids.isEmpty else { return }
        try session.execute(
            "UPDATE deliveries SET held_by = $1, next_at = $2 WHERE id IN (\(SQLList.elements(of: "$3")))",
            [.integer(silence.id), .integer(silence.terms.endsAt.seconds), .list(ids)])
    }

    /// Makes deliveries due that no silence holds any more.
    func release(_ ids: [Int64], at now: Instant) throws {
        guard !ids.isEmpty else { return }
        try session.execute(
            "UPDATE deliveries SET held_by = NULL, next_at = $1 WHERE id IN (\(SQLList.elements(of: "$2")))",
            [.integer(now.seconds), .list(ids)])
    }
}
