import Certificates
import ExpiryRules

/// Brings receivers and their deliveries in line with the configuration, inside one transaction.
struct ReceiverReconciler {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Whether the ledger matches the configuration already.
    func isInStep(with receivers: [(name: String, settings: [UInt8])]) throws -> Bool {
        let wanted = Dictionary(receivers.map { ($0.name, $0.settings) }, uniquingKeysWith: { $1 })
        return try session.receivers.settings() == wanted && session.meta.value(.routes) == plan.routeDigest
            && ReachabilityWatch.patience(in: session) == plan.route.unreachableAfter
            && !session.memory.isAnyOrphaned()
    }

    /// Applies the changes of the configuration.
    func reconcile(_ receivers: [(name: String, settings: [UInt8])]) throws {
        let known = try session.receivers.settings()
        for (name, settings) in receivers where known[name] != settings {
            // New settings may have fixed the cause of refusals and failures, so all deliveries are due at once.
            try session.receivers.adopt(name, settings: settings)
            try session.deliveries.makeDue(for: name, at: now)
        }
        try session.receivers.keepOnly(receivers.map(\.name))
        try session.attempts.concedeOrphans()
        try session.deliveries.cancelOrphans(at: now)
        try session.receivers.rank(fallback: plan.route.fallback, rest: plan.route.receivers)
        try session.meta.set(.unreachableAfter, to: String(plan.route.unreachableAfter.seconds))
        let isRerouted = try adoptRoutes()
        if isRerouted { try rerouteUnsent() }
        if isRerouted || receivers.contains(where: { known[$0.name] == nil }) { try notifyUndelivered() }
        try ReceiverWatch(session: session, now: now).reconsiderAll()
        try ReachabilityWatch(session: session, now: now).reviewAll()
    }

    /// Cancels unsent deliveries of open notices to receivers that the routes no longer name for them.
    private func rerouteUnsent() throws {
        let router = NoticeRouter(session: session, plan: plan)
        var cancelled: [Int64] = []
        for (notice, deliveries) in Dictionary(grouping: try session.memory.unsent(), by: \.notice) {
            let named = Set(try router.addressees(ofNotice: notice, orMilder: true, at: now).map(\.receiver))
            cancelled += deliveries.filter { !named.contains($0.receiver) }.map(\.delivery)
        }
        try session.deliveries.cancelRerouted(cancelled.sorted(), at: now)
    }

    /// Sends open notices that no receiver got to the receivers that the routes name now. Before, there was no
    /// receiver, or it had another name or route. Notices that any receiver got are not sent again.
    private func notifyUndelivered() throws {
        let router = NoticeRouter(session: session, plan: plan)
        for notice in try session.memory.undelivered(at: now) {
            try session.deliveries.enqueue(
                noticeID: notice, to: router.addressees(ofNotice: notice, at: now), at: now)
        }
    }

    /// - Returns: whether the routes have changed since they were last stored.
    private func adoptRoutes() throws -> Bool {
        let known = try session.meta.value(.routes)
        guard known != plan.routeDigest else { return false }
        try session.meta.set(.routes, to: plan.routeDigest)
        return known != nil
    }
}
