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
                """, [.integer(now.seconds), claim.deliveries])
            try MessageRows(session: session).forgetBody(of: claim.messageRow)
            for part in claim.parts { try concedeOtherAttempts(than: part) }
        } else if try !setBack(claim, after: settlement) {
            return
        }
        try setGate(of: claim.receiver, after: settlement)
        let outbox = OutboxWriter(session: session, now: now)
        for part in claim.parts { try outbox.followUp(deliveryID: part.deliveryID) }
        let watch = ReceiverWatch(session: session, now: now)
        if settlement.consequence.isRefusal {
            try watch.noteRefusal(of: claim.parts.map(\.deliveryID))
            try watch.reconsiderIfNews(claim.receiver)
        } else {
            try watch.closeIfOver(claim.receiver)
        }
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
                .integer(settlement.outcome == .unknown ? 1 : 0), .blob(claim.token), claim.deliveries,
            ])
        guard changed > 0 else { return false }
        switch settlement.consequence {
        case .simplify: try MessageRows(session: session).simplify(claim.messageRow)
        case .split: try MessageRows(session: session).split(claim.messageRow)
        case .delivered, .retry, .hold, .park, .disable: break
        }
        return true
    }

    /// A gate is never opened before its time: what another sender was asked meanwhile holds for this one as well.
    private func setGate(of receiver: String, after settlement: Settlement) throws {
        switch settlement.consequence {
        case .delivered, .simplify, .split, .park:
            try session.execute("UPDATE receivers SET failures = 0 WHERE name = $1", [.text(receiver)])
        case .retry, .hold:
            try session.execute(
                """
                UPDATE receivers SET failures = failures + 1,
                    not_before = CASE WHEN not_before < $1 THEN $1 ELSE not_before END
                WHERE name = $2
                """, [.integer(settlement.receiverClosedUntil?.seconds ?? 0), .text(receiver)])
        case .disable:
            try session.execute(
                "UPDATE receivers SET disabled_because = $1 WHERE name = $2",
                [.text(settlement.detail), .text(receiver)])
        }
    }
}

extension Claim {
    /// The ids of its deliveries.
    fileprivate var deliveries: SQLValue { .list(parts.map(\.deliveryID)) }
}
