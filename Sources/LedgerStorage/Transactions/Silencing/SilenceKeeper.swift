import Certificates
import ExpiryRules

/// Holds deliveries whose notices are silenced, inside one transaction.
///
/// A held delivery keeps its state and is due when the silence ends. It is applied to each delivery before it is sent,
/// so that no silenced message is sent, whatever made it due: a decision, a retry, new settings, a clock that was set.
struct SilenceKeeper {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Which deliveries are matched.
    enum Scope {
        /// Deliveries that are about to be sent.
        case these([Int64])
        /// All deliveries, so that each is held by the silence that lasts longest.
        case all
    }

    /// Holds deliveries that an active silence matches, and releases those that none matches any more.
    ///
    /// - Returns: the ids of the deliveries that are held now.
    @discardableResult
    func hold(_ scope: Scope) throws -> Set<Int64> {
        let silences = try session.silences.active(at: now)
        let queue = SilenceableDeliveries(session: session)
        // Without active silences, deliveries that are still marked as held must be released.
        if silences.isEmpty, try !queue.isAnyHeld() { return [] }
        let router = NoticeRouter(session: session, plan: plan)
        let deliveries =
            switch scope {
            case .these(let ids): try queue.among(ids)
            case .all: try queue.all()
            }
        var held: [Int64: (silence: Silence, deliveries: [SilenceableDeliveries.Delivery])] = [:]
        var released: [Int64] = []
        for delivery in deliveries {
            let traits = try router.traits(ofNotice: delivery.noticeID, reaching: delivery.receiver)
            if let silence = silences.holding(traits, at: now) {
                held[silence.id, default: (silence, [])].deliveries.append(delivery)
            } else if delivery.heldBy != nil {
                released.append(delivery.id)
            }
        }
        for (silence, deliveries) in held.values { try hold(deliveries, until: silence) }
        try session.deliveries.release(released, at: now)
        return Set(held.values.flatMap { $0.deliveries.map(\.id) })
    }

    private func hold(_ deliveries: [SilenceableDeliveries.Delivery], until silence: Silence) throws {
        try session.deliveries.hold(deliveries.map(\.id), by: silence)
        // A notice that is still true when the silence ends is sent then, however old it is.
        try session.notices.keepUseful(
            deliveries.map(\.noticeID), until: silence.terms.endsAt + NoticeDraft.usefulness)
    }
}
