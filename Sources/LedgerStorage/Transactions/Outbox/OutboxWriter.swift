import Certificates
import ExpiryRules

/// Applies the passing of time to the outbox.
struct OutboxWriter {
    let session: any SQLSession
    let now: Instant

    /// Expires deliveries of notices that are no longer useful, and reviews the receivers that missed one by that.
    func expireUseless() throws {
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in try session.deliveries.expireUseless(at: now).sorted() {
            try reachability.review(receiver, on: .expired)
        }
    }

    /// Makes deliveries due that a clock that ran ahead has postponed beyond `limit`, and opens gates that it has
    /// closed.
    func callBack(putOffBeyond limit: Instant) throws {
        try session.deliveries.callBack(putOffBeyond: limit, at: now)
        try session.receivers.open(closedBeyond: limit)
    }

    /// Makes deliveries due that were postponed because this machine was cut off.
    func reopenGatesAfterOutage() throws {
        let receivers = session.receivers
        for receiver in try receivers.closed(at: now) {
            guard let gate = try receivers.gate(of: receiver) else { continue }
            try receivers.store(gate.afterOutage(at: now), of: receiver)
        }
        try session.deliveries.makeRetriesDueAfterOutage(at: now)
    }
}
