import Certificates
import ExpiryRules

/// Records the results of attempts, inside one transaction.
struct Settler {
    let session: any SQLSession
    let now: Instant

    /// Records the result of one attempt and applies its consequence.
    func settle(_ claim: Claim, with settlement: Settlement) throws {
        try session.attempts.settle(claim.parts, with: settlement)
        if settlement.event == .accepted {
            try session.deliveries.markDelivered(claim.deliveries, at: now)
            try session.messages.forgetBodies(of: [claim.messageRow])
            try session.attempts.concedeOthers(than: claim.parts)
        } else if try !setBack(claim, after: settlement) {
            return
        }
        try moveGate(of: claim, after: settlement)
        try ResolutionWriter(session: session, now: now).followUp(claim.deliveries)
        try watchReceiver(of: claim, after: settlement)
    }

    /// Updates the findings about the receiver in the transaction that records the result.
    private func watchReceiver(of claim: Claim, after settlement: Settlement) throws {
        let watch = ReceiverWatch(session: session, now: now)
        let reachability = ReachabilityWatch(session: session, now: now)
        if case .delivered = settlement.consequence {
            try session.receivers.noteTaken(by: claim.receiver, at: now)
            try watch.closeIfNothingRefusedWaits(for: claim.receiver)
            return try reachability.review(claim.receiver, on: .taken)
        }
        if settlement.isFailureOfReceiver { try session.receivers.noteFailure(of: claim.receiver, at: now) }
        if settlement.consequence.isRefusal {
            try session.deliveries.noteRefusal(claim.deliveries)
            try watch.reconsiderIfNews(claim.receiver)
        }
        try reachability.reviewFailure(of: claim.receiver)
    }

    /// - Returns: false when the lease had expired and another sender has taken over the message.
    private func setBack(_ claim: Claim, after settlement: Settlement) throws -> Bool {
        let nextAt =
            switch settlement.consequence {
            case .retry(let instant), .park(let instant): instant
            case .hold: DeliveryTable.never
            case .delivered, .simplify, .split, .disable: now
            }
        let reason =
            settlement.consequence == .hold ? Settlement.heldDetail(settlement.detail) : settlement.detail
        let setback = DeliveryTable.Setback(event: settlement.event, nextAt: nextAt, reason: reason)
        guard try session.deliveries.setBack(claim.deliveries, by: setback, token: claim.token) else { return false }
        switch settlement.consequence {
        case .simplify: try session.messages.simplify(claim.messageRow)
        case .split: try session.deliveries.split(messageRow: claim.messageRow)
        case .delivered, .retry, .hold, .park, .disable: break
        }
        return true
    }

    private func moveGate(of claim: Claim, after settlement: Settlement) throws {
        if case .disable = settlement.consequence {
            return try session.receivers.disable(claim.receiver, because: settlement.detail)
        }
        guard let gate = try session.receivers.gate(of: claim.receiver) else { return }
        let outcome = ReceiverGate.Outcome(
            settlement.evidence, of: claim.messageRow, closingsAtClaim: claim.gateClosings, jitter: settlement.jitter)
        try session.receivers.store(gate.after(outcome, at: now), of: claim.receiver)
    }
}

extension Settlement {
    /// Whether the receiver did not accept the message, or could not be contacted because a file of its settings cannot
    /// be used.
    fileprivate var isFailureOfReceiver: Bool { evidence != .nothing || consequence.isRefusal }
}

extension Claim {
    /// The ids of its deliveries.
    fileprivate var deliveries: [Int64] { parts.map(\.deliveryID) }
}
