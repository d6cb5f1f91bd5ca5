import Certificates
import ExpiryRules

/// The only writer of `deliveries`. This file creates, ends and reschedules them; sending is in
/// `DeliveryTable+Sending`.
struct DeliveryTable {
    let session: any SQLSession

    /// Due time of a delivery that is held for manual retry.
    static let never = Instant.noWellDefinedExpiry

    /// The reasons of cancelled deliveries that a later change of the configuration can revive.
    private static let receiverRemovedInSQL: SQLText = "'its receiver was taken out of the configuration'"
    private static let reroutedInSQL: SQLText = "'the routes name other receivers for it by now'"

    /// A notice for a receiver.
    struct New {
        let noticeID: Int64
        let addressee: Addressee
    }

    private static let enqueue = SQLBulk(columns: 5) { rows in
        """
        INSERT INTO deliveries(notice_id, receiver, state, next_at, named_by) VALUES \(rows)
        ON CONFLICT(notice_id, receiver) DO UPDATE SET settled_at = NULL, reason = NULL, next_at = excluded.next_at,
            named_by = excluded.named_by, state = \(DeliveryEvent.revived.nextStateInSQL)
        WHERE deliveries.state = 'cancelled' AND deliveries.reason IN (\(receiverRemovedInSQL), \(reroutedInSQL))
        """
    }

    /// Creates the missing deliveries, and revives those that were cancelled only because of the configuration.
    func enqueue(_ deliveries: [New], at now: Instant) throws {
        try session.executeAll(
            Self.enqueue,
            deliveries.map { delivery in
                [
                    .integer(delivery.noticeID), .text(delivery.addressee.receiver), "pending", .integer(now.seconds),
                    .text(delivery.addressee.namedBy),
                ]
            })
    }

    /// Creates a delivery for each of `addressees` that has none, and revives those that were cancelled only because of
    /// the configuration.
    func enqueue(noticeID: Int64, to addressees: [Addressee], at now: Instant) throws {
        try enqueue(addressees.map { New(noticeID: noticeID, addressee: $0) }, at: now)
    }

    /// Creates a delivery of a summary for each receiver. A summary never shares a message.
    func enqueueSummary(noticeID: Int64, to receivers: [String], at now: Instant) throws {
        try session.execute(
            """
            INSERT INTO deliveries(notice_id, receiver, state, next_at, goes_alone)
            SELECT $1, value, 'pending', $2, 1 FROM json_each($3)
            """, [.integer(noticeID), .integer(now.seconds), .list(texts: receivers)])
    }

    /// Ends the deliveries of notices in these episodes that are no longer open. A delivery that is being sent ends at
    /// its settlement. Frozen bodies stay, because the message must be the same if the notice opens again.
    func settleIrrelevant(_ episodes: [SubjectEpisode], at now: Instant) throws {
        guard !episodes.isEmpty else { return }
        try session.execute(
            """
            UPDATE deliveries SET settled_at = $1,
                state = CASE (SELECT state FROM notices n WHERE n.id = deliveries.notice_id)
                    WHEN 'superseded' THEN \(DeliveryEvent.superseded.nextStateInSQL)
                    ELSE \(DeliveryEvent.cancelled.nextStateInSQL) END,
                reason = (SELECT \(Self.reasonInSQL) FROM notices n WHERE n.id = deliveries.notice_id)
            WHERE \(DeliveryEvent.superseded.appliesInSQL) AND notice_id IN (
                SELECT n.id FROM \(SubjectEpisode.noticesInSQL(of: "$2")) WHERE n.state <> 'open')
            """, [.integer(now.seconds), SubjectEpisode.list(episodes)])
    }

    /// The reason why a delivery is no longer needed, for `explain`.
    private static let reasonInSQL: SQLText = """
        CASE n.state WHEN 'superseded' THEN CASE WHEN EXISTS (
                SELECT 1 FROM notices r WHERE r.subject = n.subject AND r.episode = n.episode
                    AND r.stage = n.stage AND r.kind = n.kind AND r.repetition > n.repetition)
            THEN 'a reminder is told instead' ELSE 'a more urgent stage is told instead' END
            ELSE CASE n.ended_because
                \(SQLText(casesOf: EndReason.self) { SQLText(quoting: $0.cancellation) }) END END
        """

    /// Revives cancelled deliveries, since their notices are open again.
    func revive(noticeIDs: [Int64], at now: Instant) throws {
        guard !noticeIDs.isEmpty else { return }
        try session.execute(
            """
            UPDATE deliveries SET settled_at = NULL, reason = NULL, next_at = $1, state = \(DeliveryEvent.revived.nextStateInSQL)
            WHERE notice_id IN (\(SQLList.elements(of: "$2"))) AND state = 'cancelled'
                AND reason <> \(Self.reroutedInSQL) AND receiver IN (SELECT name FROM receivers)
            """, [.integer(now.seconds), .list(noticeIDs)])
    }

    /// Expires the deliveries of notices that are no longer useful.
    ///
    /// - Returns: the receivers that missed a notice by that.
    func expireUseless(at now: Instant) throws -> Set<String> {
        let expired = try session.all(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.expired.nextStateInSQL),
                reason = 'undelivered for too long', settled_at = $1
            WHERE \(DeliveryEvent.expired.appliesInSQL)
                AND (SELECT useful_until FROM notices n WHERE n.id = deliveries.notice_id) < $1
            RETURNING receiver, EXISTS(SELECT 1 FROM notices n WHERE n.id = notice_id AND \(NoticeSubject.isMissedInSQL))
            """, [.integer(now.seconds)]
        ) { (receiver: try $0.text(), isMissed: try $0.flag()) }
        return Set(expired.filter(\.isMissed).map(\.receiver))
    }

    /// Revives deliveries that expired in the future, by a clock that ran ahead.
    func reviveExpiredInTheFuture(at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET settled_at = NULL, reason = NULL, next_at = $1, state = \(DeliveryEvent.revived.nextStateInSQL)
            WHERE state = 'expired' AND settled_at > $1 AND receiver IN (SELECT name FROM receivers)
                AND notice_id IN (SELECT id FROM notices WHERE state = 'open' AND useful_until >= $1)
            """, [.integer(now.seconds)])
    }

    /// Makes deliveries due that were postponed beyond `limit` by a clock that ran ahead.
    func callBack(putOffBeyond limit: Instant, at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE \(DeliveryState.isOpenInSQL) AND next_at > $2 AND next_at < \(DeliveryState.neverInSQL)
                AND held_by IS NULL
            """, [.integer(now.seconds), .integer(limit.seconds)])
    }

    /// Makes the deliveries for a receiver with new settings due, except those that are held for manual retry.
    func makeDue(for receiver: String, at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE receiver = $2 AND \(DeliveryState.isClaimableInSQL)
                AND next_at < \(DeliveryState.neverInSQL)
            """, [.integer(now.seconds), .text(receiver)])
    }

    /// Makes retries due that were postponed while this machine was cut off.
    func makeRetriesDueAfterOutage(at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE state = 'retry' AND quiet_until IS NULL AND next_at > $1 AND next_at < \(DeliveryState.neverInSQL)
                AND receiver IN (SELECT name FROM receivers WHERE failures > 0)
            """, [.integer(now.seconds)])
    }

    /// Makes one delivery due, regardless of its schedule.
    func makeDue(_ id: Int64, at now: Instant) throws {
        try session.execute(
            "UPDATE deliveries SET next_at = $1 WHERE id = $2", [.integer(now.seconds), .integer(id)])
    }

    /// Ends one delivery by an operator's command.
    func cancelByHand(_ id: Int64, at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.cancelled.nextStateInSQL), reason = 'cancelled by hand',
                settled_at = $1
            WHERE id = $2 AND \(DeliveryEvent.cancelled.appliesInSQL)
            """, [.integer(now.seconds), .integer(id)])
    }

    /// Cancels open deliveries for receivers that were removed from the configuration. An attempt in progress may still
    /// arrive, and its acceptance is recorded.
    func cancelOrphans(at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET settled_at = $1, reason = \(Self.receiverRemovedInSQL),
                maybe_seen = \(DeliveryEvent.receiverRemoved.nextMaybeSeenInSQL),
                state = \(DeliveryEvent.receiverRemoved.nextStateInSQL), token = NULL
            WHERE \(DeliveryEvent.receiverRemoved.appliesInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            """, [.integer(now.seconds)])
    }

    /// Cancels deliveries to receivers that the routes no longer name.
    func cancelRerouted(_ ids: [Int64], at now: Instant) throws {
        guard !ids.isEmpty else { return }
        try session.execute(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.cancelled.nextStateInSQL), reason = \(Self.reroutedInSQL),
                settled_at = $1
            WHERE id IN (\(SQLList.elements(of: "$2"))) AND \(DeliveryEvent.cancelled.appliesInSQL)
            """, [.integer(now.seconds), .list(ids)])
    }

    /// Cancels unsent deliveries of summaries that have ended.
    func cancelEndedSummaries(at now: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET state = \(DeliveryEvent.cancelled.nextStateInSQL), reason = $1, settled_at = $2
            WHERE \(DeliveryEvent.cancelled.appliesInSQL) AND notice_id IN (
                SELECT id FROM notices WHERE subject = $3 AND kind = 'summary' AND state = 'ended')
            """,
            [
                .text(EndReason.notifiedTooEarly.cancellation.description), .integer(now.seconds),
                .text(NoticeSubject.summary.text),
            ])
    }

    /// Deletes the deliveries of notices. Their attempts must be deleted first.
    func forget(ofNotices notices: [Int64]) throws {
        try session.execute(
            "DELETE FROM deliveries WHERE notice_id IN (\(SQLList.elements(of: "$1")))", [.list(notices)])
    }
}

extension SQLSession {
    /// The table `deliveries`.
    var deliveries: DeliveryTable { DeliveryTable(session: self) }
}
