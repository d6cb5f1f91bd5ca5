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

    /// Holds what the active silences match, and lets go of what none does any more.
    ///
    /// - Returns: those that are held now.
    @discardableResult
    func hold(_ scope: Scope) throws -> Set<Int64> {
        let silences = try session.silences.active(at: now)
        let queue = SilenceableDeliveries(session: session)
        // Also of what no silence matches any more the mark is taken.
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
        // What is true at the end is told then, however long ago it was decided.
        try session.notices.keepUseful(
            deliveries.map(\.noticeID), until: silence.terms.endsAt + NoticeDraft.usefulness)
    }
}
