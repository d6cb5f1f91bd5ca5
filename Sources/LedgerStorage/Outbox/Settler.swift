import Certificates
import ExpiryRules

/// Records what attempts learned, inside one transaction.
struct Settler {
    let session: any SQLSession
    let now: Instant

    func settle(_ claim: Claim, with settlement: Settlement) throws {
        // An attempt that was given up for lost stays `unknown` whatever is heard of it later: it is the reason why the
        // receiver may have been sent another copy.
        try session.execute(
            """
            UPDATE attempts SET outcome = coalesce(outcome, $1), status = $2, detail = $3, milliseconds = $4
            WHERE delivery_id = $5 AND number = $6
            """,
            [
                .text(settlement.outcome.rawValue), SQLValue(settlement.status.map(Int64.init)),
                .text(settlement.detail), SQLValue(settlement.milliseconds), .integer(claim.deliveryID),
                SQLValue(claim.attempt),
            ])
        if case .delivered = settlement.consequence {
            try session.execute(
                """
                UPDATE deliveries SET state = 'delivered', reason = NULL, settled_at = $1, body = NULL, token = NULL
                WHERE id = $2
                """, [.integer(now.seconds), .integer(claim.deliveryID)])
            try concedeOtherAttempts(than: claim)
        } else if try !setBack(claim, after: settlement) {
            return
        }
        try setGate(of: claim.receiver, after: settlement)
        try OutboxWriter(session: session, now: now).followUp(deliveryID: claim.deliveryID)
        let watch = ReceiverWatch(session: session, now: now)
        if settlement.consequence.isRefusal { try watch.noteRefusal(of: claim.deliveryID) }
        try watch.reconsider(claim.receiver)
    }

    /// An acceptance that comes late ends a delivery that somebody else has taken over by now and may be sending again.
    private func concedeOtherAttempts(than claim: Claim) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'an earlier attempt turned out to have arrived'
            WHERE delivery_id = $1 AND number <> $2 AND outcome IS NULL
            """, [.integer(claim.deliveryID), SQLValue(claim.attempt)])
    }

    /// - Returns: false when the lease was no longer ours; then whoever took it over knows better.
    private func setBack(_ claim: Claim, after settlement: Settlement) throws -> Bool {
        let (state, nextAt): (DeliveryState, Instant) =
            switch settlement.consequence {
            case .delivered: (.delivered, now)
            case .retry(let instant): (settlement.outcome == .unknown ? .unknown : .retry, instant)
            case .park(let instant): (.parked, instant)
            case .disable: (.parked, now)
            }
        let changed = try session.execute(
            """
            UPDATE deliveries SET state = $1, next_at = $2, reason = $3, token = NULL,
                maybe_seen = CASE WHEN $4 = 1 THEN 1 ELSE maybe_seen END
            WHERE id = $5 AND token = $6 AND state = 'sending'
            """,
            [
                .text(state.rawValue), .integer(nextAt.seconds), .text(settlement.detail),
                .integer(settlement.outcome == .unknown ? 1 : 0), .integer(claim.deliveryID), .blob(claim.token),
            ])
        return changed == 1
    }

    /// A gate is never opened before its time: what another sender was asked meanwhile holds for this one as well.
    private func setGate(of receiver: String, after settlement: Settlement) throws {
        switch settlement.consequence {
        case .delivered, .park:
            try session.execute("UPDATE receivers SET failures = 0 WHERE name = $1", [.text(receiver)])
        case .retry:
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
