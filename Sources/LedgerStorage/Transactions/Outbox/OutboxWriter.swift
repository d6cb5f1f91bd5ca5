import Certificates
import ExpiryRules

/// Keeps the outbox in step with the time.
struct OutboxWriter {
    let session: any SQLSession
    let now: Instant

    /// Ends the deliveries whose time is over. That a receiver missed something by it is news.
    func expireUseless() throws {
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in try session.deliveries.expireUseless(at: now).sorted() {
            try reachability.review(receiver, on: .expired)
        }
    }

    /// Makes due what waits beyond `limit`: a clock that ran ahead has put it off.
    func callBack(putOffBeyond limit: Instant) throws {
        try session.deliveries.callBack(putOffBeyond: limit, at: now)
        try session.receivers.open(closedBeyond: limit)
    }

    /// Makes due what waits for receivers that could not be reached while this machine was cut off.
    func reopenGatesAfterOutage() throws {
        let receivers = session.receivers
        for receiver in try receivers.closed(at: now) {
            guard let gate = try receivers.gate(of: receiver) else { continue }
            try receivers.store(gate.afterOutage(at: now), of: receiver)
        }
        try session.deliveries.makeRetriesDueAfterOutage(at: now)
    }
}
