import Certificates
import ExpiryRules

/// Records what attempts learned, inside one transaction.
struct Settler {
    let session: any SQLSession
    let now: Instant

    func settle(_ claim: Claim, with settlement: Settlement) throws {
        for part in claim.parts { try record(settlement, of: part) }
        if case .delivered = settlement.consequence {
            try session.execute(
                """
                UPDATE deliveries SET state = 'delivered', reason = NULL, settled_at = $1, token = NULL
                WHERE id IN (\(SQLList.elements(of: "$2")))
                """, [.integer(now.seconds), .list(claim.deliveries)])
            try MessageRows(session: session).forgetBody(of: claim.messageRow)
            for part in claim.parts { try concedeOtherAttempts(than: part) }
        } else if try !setBack(claim, after: settlement) {
            return
        }
        try moveGate(of: claim, after: settlement)
        let outbox = OutboxWriter(session: session, now: now)
        for part in claim.parts { try outbox.followUp(deliveryID: part.deliveryID) }
        try watchReceiver(of: claim, after: settlement)
    }

    /// A receiver that refuses, or takes nothing, becomes news in the transaction that learns of it.
    private func watchReceiver(of claim: Claim, after settlement: Settlement) throws {
        let watch = ReceiverWatch(session: session, now: now)
        let reachability = ReachabilityWatch(session: session, now: now)
        let receivers = ReceiverRows(session: session)
        if case .delivered = settlement.consequence {
            try receivers.noteTaken(by: claim.receiver, at: now)
            try watch.closeIfNothingRefusedWaits(for: claim.receiver)
            return try reachability.review(claim.receiver, on: .taken)
        }
        if settlement.isFailureOfReceiver { try receivers.noteFailure(of: claim.receiver, at: now) }
        if settlement.consequence.isRefusal {
            try watch.noteRefusal(of: claim.deliveries)
            try watch.reconsiderIfNews(claim.receiver)
        }
        try reachability.reviewFailure(of: claim.receiver)
    }

    /// An attempt that was given up for lost stays `unknown` whatever is heard of it later: it is the reason why the
    /// receiver may have been sent another copy.
    private func record(_ settlement: Settlement, of part: Claim.Part) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = coalesce(outcome, $1), status = $2, detail = $3, milliseconds = $4
            WHERE delivery_id = $5 AND number = $6
            """,
            [
                .text(settlement.outcome.rawValue), SQLValue(settlement.status.map(Int64.init)),
                .text(settlement.detail), SQLValue(settlement.milliseconds), .integer(part.deliveryID),
                SQLValue(part.attempt),
            ])
    }

    /// An acceptance that comes late ends a delivery that somebody else has taken over by now and may be sending again.
    private func concedeOtherAttempts(than part: Claim.Part) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'an earlier attempt turned out to have arrived'
            WHERE delivery_id = $1 AND number <> $2 AND outcome IS NULL
            """, [.integer(part.deliveryID), SQLValue(part.attempt)])
    }

    /// - Returns: false when the lease was no longer ours; then whoever took it over knows better.
    private func setBack(_ claim: Claim, after settlement: Settlement) throws -> Bool {
        let (state, nextAt): (DeliveryState, Instant) =
            switch settlement.consequence {
            case .delivered: (.delivered, now)
            case .retry(let instant): (settlement.outcome == .unknown ? .unknown : .retry, instant)
            case .hold: (.unknown, OutboxWriter.never)
            case .simplify, .split: (.retry, now)
            case .park(let instant): (.parked, instant)
            case .disable: (.parked, now)
            }
        let reason =
            settlement.consequence == .hold ? Settlement.heldDetail(settlement.detail) : settlement.detail
        let changed = try session.execute(
            """
            UPDATE deliveries SET state = $1, next_at = $2, reason = $3, token = NULL,
                maybe_seen = CASE WHEN $4 = 1 THEN 1 ELSE maybe_seen END
            WHERE id IN (\(SQLList.elements(of: "$6"))) AND token = $5 AND state = 'sending'
            """,
            [
                .text(state.rawValue), .integer(nextAt.seconds), .text(reason),
                .integer(settlement.outcome == .unknown ? 1 : 0), .blob(claim.token), .list(claim.deliveries),
            ])
        guard changed > 0 else { return false }
        switch settlement.consequence {
        case .simplify: try MessageRows(session: session).simplify(claim.messageRow)
        case .split: try MessageRows(session: session).split(claim.messageRow)
        case .delivered, .retry, .hold, .park, .disable: break
        }
        return true
    }

    private func moveGate(of claim: Claim, after settlement: Settlement) throws {
        if case .disable = settlement.consequence {
            try session.execute(
                "UPDATE receivers SET disabled_because = $1 WHERE name = $2",
                [.text(settlement.detail), .text(claim.receiver)])
            return
        }
        let receivers = ReceiverRows(session: session)
        guard let gate = try receivers.gate(of: claim.receiver) else { return }
        let outcome = ReceiverGate.Outcome(
            settlement.evidence, of: claim.messageRow, closingsAtClaim: claim.gateClosings, jitter: settlement.jitter)
        try receivers.store(gate.after(outcome, at: now), of: claim.receiver)
    }
}

extension Settlement {
    /// Whether the receiver was asked, or cannot be for want of a file of its own, and took nothing.
    fileprivate var isFailureOfReceiver: Bool { evidence != .nothing || consequence.isRefusal }
}

extension Claim {
    /// The ids of its deliveries.
    fileprivate var deliveries: [Int64] { parts.map(\.deliveryID) }
}
