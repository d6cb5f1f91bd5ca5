import Certificates
import ExpiryRules

/// Holds deliveries whose notices are silenced, inside one transaction.
///
/// A delivery that is held stays in its state; it is due when the silence is over. Asked of each that is about to be sent, so
/// that no message leaves by any path that made it due: a decision, a retry, new settings, a clock that was set.
struct SilenceKeeper {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Which deliveries are looked at.
    enum Scope {
        /// Those that are about to be sent.
        case these([Int64])
        /// All, so that each is held by the silence that lasts longest.
        case all
    }

    /// What surely nobody has seen, and what ends nothing: a message that may have been seen goes on until its receiver
    /// says so, and the end of what was told before the silence is told in it. Nor a summary, which proves that silence is
    /// health.
    private static let isHoldableInSQL: SQLText = """
        d.\(DeliveryState.isOpenInSQL) AND d.state IN ('pending', 'retry', 'parked') AND d.maybe_seen = 0
            AND n.state = 'open' AND n.kind <> 'summary' AND n.kind NOT IN (\(NoticeKind.resolutionsInSQL))
        """

    private struct Held {
        let deliveryID: Int64
        let noticeID: Int64
        let receiver: String
        let heldBy: Int64?
    }

    /// Holds what the active silences match, and lets go of what none does any more.
    ///
    /// - Returns: those that are held now.
    @discardableResult
    func hold(_ scope: Scope) throws -> Set<Int64> {
        let silences = try SilenceRows(session: session).active(at: now)
        // Also of what no silence matches any more the mark is taken.
        if silences.isEmpty, try !anythingIsHeld() { return [] }
        var held: Set<Int64> = []
        let router = NoticeRouter(session: session, plan: plan)
        for delivery in try deliveries(scope) {
            let traits = try router.traits(ofNotice: delivery.noticeID, reaching: delivery.receiver)
            if let silence = silences.holding(traits, at: now) {
                try hold(delivery, until: silence)
                held.insert(delivery.deliveryID)
            } else if delivery.heldBy != nil {
                try session.execute(
                    "UPDATE deliveries SET held_by = NULL, next_at = $1 WHERE id = $2",
                    [.integer(now.seconds), .integer(delivery.deliveryID)])
            }
        }
        return held
    }

    private func hold(_ delivery: Held, until silence: Silence) throws {
        let end = silence.terms.endsAt
        try session.execute(
            "UPDATE deliveries SET held_by = $1, next_at = $2 WHERE id = $3",
            [.integer(silence.id), .integer(end.seconds), .integer(delivery.deliveryID)])
        // What is true at the end is told then, however long ago it was decided.
        try session.execute(
            "UPDATE notices SET useful_until = $1 WHERE id = $2 AND useful_until < $1",
            [.integer((end + NoticeDraft.usefulness).seconds), .integer(delivery.noticeID)])
    }

    private func anythingIsHeld() throws -> Bool {
        try session.first(
            "SELECT 1 FROM deliveries d WHERE d.held_by IS NOT NULL AND d.\(DeliveryState.isOpenInSQL) LIMIT 1"
        ) { _ in true } ?? false
    }

    private func deliveries(_ scope: Scope) throws -> [Held] {
        let (condition, parameters): (SQLText, [SQLValue]) =
            switch scope {
            case .all: ("1 = 1", [])
            case .these(let ids): ("d.id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
            }
        return try session.query(
            """
            SELECT d.id, n.id, d.receiver, d.held_by FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE \(Self.isHoldableInSQL) AND \(condition)
            """, parameters
        ) { row in
            Held(
                deliveryID: row.integer(0) ?? 0, noticeID: row.integer(1) ?? 0, receiver: row.text(2) ?? "",
                heldBy: row.integer(3))
        }
    }
}
