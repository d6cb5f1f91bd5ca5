import Certificates
import ExpiryRules

/// Keeps deliveries in step with their notices.
struct OutboxWriter {
    let session: any SQLSession
    let now: Instant

    /// When that is due which waits for a person's word.
    static let never = Instant.noWellDefinedExpiry
    static let neverInSQL: SQLText = "253402300799"

    /// Why deliveries were cancelled that a later change of the configuration may bring back.
    static let receiverRemoved = "its receiver was taken out of the configuration"
    static let rerouted = "the routes name other receivers for it by now"

    /// Makes a delivery for each of `addressees` that has none, and brings back what only the configuration had cancelled.
    func enqueue(noticeID: Int64, to addressees: [Addressee]) throws {
        for addressee in addressees {
            try session.execute(
                """
                INSERT INTO deliveries(notice_id, receiver, state, next_at, named_by) VALUES($1, $2, 'pending', $3, $4)
                ON CONFLICT(notice_id, receiver) DO UPDATE SET settled_at = NULL, reason = NULL, next_at = $3,
                    named_by = $4, state = \(Self.revivedInSQL)
                WHERE deliveries.state = 'cancelled' AND deliveries.reason IN ($5, $6)
                """,
                [
                    .integer(noticeID), .text(addressee.receiver), .integer(now.seconds), .text(addressee.namedBy),
                    .text(Self.receiverRemoved), .text(Self.rerouted),
                ])
        }
    }

    /// The state of a delivery that is taken up again.
    private static let revivedInSQL: SQLText =
        """
        CASE WHEN deliveries.maybe_seen = 1 THEN 'unknown' WHEN deliveries.attempts > 0 THEN 'retry' ELSE 'pending' END
        """

    /// Ends the deliveries of a subject whose notices are no longer open. One that is being sent just now ends when it is
    /// settled. Bodies stay: should the notice open again, its message must be the same.
    func settleIrrelevant(subject: NoticeSubject, episode: Int64) throws {
        try session.execute(
            """
            UPDATE deliveries SET settled_at = $1,
                state = CASE (SELECT state FROM notices n WHERE n.id = deliveries.notice_id)
                    WHEN 'superseded' THEN 'superseded' ELSE 'cancelled' END,
                reason = (SELECT \(Self.reasonInSQL) FROM notices n WHERE n.id = deliveries.notice_id)
            WHERE \(DeliveryState.isOpenInSQL) AND state <> 'sending' AND notice_id IN (
                SELECT id FROM notices WHERE subject = $2 AND episode = $3 AND state <> 'open')
            """, [.integer(now.seconds), .text(subject.text), .integer(episode)])
    }

    /// Sends what was cancelled after all, now that its notice is open again.
    func revive(noticeID: Int64) throws {
        try session.execute(
            """
            UPDATE deliveries SET settled_at = NULL, reason = NULL, next_at = $1,
                state = \(Self.revivedInSQL)
            WHERE notice_id = $2 AND state = 'cancelled' AND reason <> $3 AND receiver IN (SELECT name FROM receivers)
            """, [.integer(now.seconds), .integer(noticeID), .text(Self.rerouted)])
    }

    /// Why a notice's delivery is needed no longer, for `explain`.
    private static let reasonInSQL: SQLText = """
        CASE n.state WHEN 'superseded' THEN CASE WHEN EXISTS (
                SELECT 1 FROM notices r WHERE r.subject = n.subject AND r.episode = n.episode
                    AND r.stage = n.stage AND r.kind = n.kind AND r.repetition > n.repetition)
            THEN 'a reminder is told instead' ELSE 'a more urgent stage is told instead' END
            ELSE CASE n.ended_because \(SQLText(casesOf: EndReason.self) { SQLText(quoting: $0.cancellation) }) END END
        """

    /// Ends the deliveries that nobody needs any more.
    /// That a receiver missed something by it is news.
    func expireUseless() throws {
        let expired = try session.query(
            """
            UPDATE deliveries SET state = 'expired', reason = 'undelivered for too long', settled_at = $1
            WHERE \(DeliveryState.isOpenInSQL) AND state <> 'sending'
                AND (SELECT useful_until FROM notices n WHERE n.id = deliveries.notice_id) < $1
            RETURNING receiver, EXISTS(SELECT 1 FROM notices n WHERE n.id = notice_id AND \(Self.isMissedInSQL))
            """, [.integer(now.seconds)]
        ) { (receiver: $0.text(0) ?? "", isMissed: $0.integer(1) == 1) }
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in Set(expired.filter(\.isMissed).map(\.receiver)).sorted() {
            try reachability.review(receiver, on: .expired)
        }
    }

    /// A condition on a notice `n`: whether it is a loss when it expires undelivered. The next summary takes the place of
    /// one that nobody took, and two receivers that are down must not report each other for ever.
    static let isMissedInSQL: SQLText = "n.kind <> 'summary' AND NOT \(NoticeSubject.isOfReceiverInSQL)"

    /// Takes up again what a clock that ran ahead ended as useless: its time has not come.
    func reviveExpiredInTheFuture() throws {
        try session.execute(
            """
            UPDATE deliveries SET settled_at = NULL, reason = NULL, next_at = $1, state = \(Self.revivedInSQL)
            WHERE state = 'expired' AND settled_at > $1 AND receiver IN (SELECT name FROM receivers)
                AND notice_id IN (SELECT id FROM notices WHERE state = 'open' AND useful_until >= $1)
            """, [.integer(now.seconds)])
    }

    /// Nothing of ours waits beyond `limit`: what does was put off by a clock that ran ahead.
    func callBack(putOffBeyond limit: Instant) throws {
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE \(DeliveryState.isOpenInSQL) AND next_at > $2 AND next_at < $3
                AND held_by IS NULL
            """, [.integer(now.seconds), .integer(limit.seconds), .integer(Self.never.seconds)])
        try session.execute(
            "UPDATE receivers SET not_before = 0, paused_until = 0 WHERE not_before > $1", [.integer(limit.seconds)])
    }

    /// After a delivery was settled: ends it if its notice is no longer open, and tells the end that waited for it.
    func followUp(deliveryID: Int64) throws {
        let notice = try session.first(
            """
            SELECT n.subject, n.episode, n.state, n.ended_because, n.successor
            FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.id = $1
            """, [.integer(deliveryID)]
        ) { row in
            (
                subject: NoticeSubject(text: row.text(0) ?? ""), episode: row.integer(1) ?? 0,
                state: row.text(2).flatMap(NoticeState.init(rawValue:)),
                endedBecause: row.text(3).flatMap(EndReason.init(rawValue:)),
                successor: row.blob(4).flatMap(Fingerprint.init(bytes:))
            )
        }
        guard let notice, notice.state != .open else { return }
        try settleIrrelevant(subject: notice.subject, episode: notice.episode)
        guard let because = notice.endedBecause else { return }
        _ = try ResolutionWriter(session: session, now: now).tellEnd(
            SubjectEnding(
                subject: notice.subject, episode: notice.episode, because: because, successor: notice.successor))
    }
}
