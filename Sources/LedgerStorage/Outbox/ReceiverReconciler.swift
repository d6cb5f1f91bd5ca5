import Certificates
import ExpiryRules

/// Brings receivers and their deliveries in step with the configuration, inside one transaction.
struct ReceiverReconciler {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    func isInStep(with receivers: [(name: String, settings: [UInt8])]) throws -> Bool {
        let known = try session.query("SELECT name, settings FROM receivers") { ($0.text(0) ?? "", $0.blob(1) ?? []) }
        let wanted = Dictionary(receivers.map { ($0.name, $0.settings) }, uniquingKeysWith: { $1 })
        guard Dictionary(known, uniquingKeysWith: { $1 }) == wanted, try knownRoutes() == plan.routeDigest,
            try ReachabilityWatch.patience(in: session) == plan.route.unreachableAfter
        else {
            return false
        }
        return try session.first(
            """
            SELECT 1 FROM deliveries WHERE \(DeliveryState.isOpenInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            LIMIT 1
            """
        ) { _ in true } == nil
    }

    func reconcile(_ receivers: [(name: String, settings: [UInt8])]) throws {
        var newcomers: [String] = []
        for (name, settings) in receivers {
            let known = try session.first("SELECT settings FROM receivers WHERE name = $1", [.text(name)]) {
                $0.blob(0) ?? []
            }
            if known == nil { newcomers.append(name) }
            if known != settings { try adopt(name, settings: settings) }
        }
        let kept = Set(receivers.map(\.name))
        for name in try session.query("SELECT name FROM receivers", [], { $0.text(0) ?? "" }) where !kept.contains(name)
        {
            try session.execute("DELETE FROM receivers WHERE name = $1", [.text(name)])
        }
        try cancelOrphans()
        try rankFallbacks()
        try ReachabilityWatch.adopt(plan.route.unreachableAfter, in: session)
        let isRerouted = try adoptRoutes()
        if isRerouted { try rerouteUnsent() }
        if isRerouted || !newcomers.isEmpty { try tellWhatNobodyHeard() }
        try ReceiverWatch(session: session, now: now).reconsiderAll()
        try ReachabilityWatch(session: session, now: now).reviewAll()
    }

    /// New settings may have mended what was refused or failed: all of it is due at once.
    private func adopt(_ name: String, settings: [UInt8]) throws {
        try session.execute(
            """
            INSERT INTO receivers(name, settings) VALUES($1, $2)
            ON CONFLICT(name) DO UPDATE SET settings = $2, not_before = 0, failures = 0, disabled_because = NULL,
                failing = '', failures_in_row = 0, recent_attempts = 0, recent_failures = 0, paused_until = 0
            """, [.text(name), .blob(settings)])
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE receiver = $2 AND \(DeliveryState.isOpenInSQL) AND state <> 'sending' AND next_at < $3
            """, [.integer(now.seconds), .text(name), .integer(OutboxWriter.never.seconds)])
    }

    /// Whoever is no receiver any more is sent nothing. What is just being sent there may arrive, and is recorded if it does.
    private func cancelOrphans() throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'its receiver was taken out while it was being sent'
            WHERE outcome IS NULL AND delivery_id IN (SELECT id FROM deliveries
                WHERE state = 'sending' AND receiver NOT IN (SELECT name FROM receivers))
            """, [])
        try session.execute(
            """
            UPDATE deliveries SET settled_at = $1, reason = $2,
                maybe_seen = CASE WHEN state = 'sending' THEN 1 ELSE maybe_seen END, state = 'cancelled', token = NULL
            WHERE \(DeliveryState.isOpenInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            """, [.integer(now.seconds), .text(OutboxWriter.receiverRemoved)])
    }

    /// Of what stands and is unsent, what is to go to a receiver that the routes no longer name for it is cancelled.
    private func rerouteUnsent() throws {
        let open = try session.query(
            """
            SELECT n.id, d.id, d.receiver FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.state = 'open' AND n.kind IN ('expiring', 'expired', 'finding')
                AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND coalesce(d.named_by, '') <> $1
            ORDER BY n.id
            """, [.text(NoticeWriter.inheritance)]
        ) { (notice: $0.integer(0) ?? 0, delivery: $0.integer(1) ?? 0, receiver: $0.text(2) ?? "") }
        let router = NoticeRouter(session: session, plan: plan)
        for (notice, deliveries) in Dictionary(grouping: open, by: \.notice).sorted(by: { $0.key < $1.key }) {
            let named = Set(try router.addressees(ofNotice: notice, orMilder: true, at: now).map(\.receiver))
            for delivery in deliveries where !named.contains(delivery.receiver) {
                try session.execute(
                    "UPDATE deliveries SET state = 'cancelled', reason = $1, settled_at = $2 WHERE id = $3",
                    [.text(OutboxWriter.rerouted), .integer(now.seconds), .integer(delivery.delivery)])
            }
        }
    }

    /// What is true and nobody was told, because there was no receiver, or another name or route for it, is told to whom the
    /// routes name now. What others were told before is not told again.
    private func tellWhatNobodyHeard() throws {
        let unheard = try session.query(
            """
            SELECT id FROM notices n WHERE state = 'open' AND kind IN ('expiring', 'expired', 'finding')
                AND useful_until >= $1 AND NOT EXISTS (SELECT 1 FROM deliveries d
                    WHERE d.notice_id = n.id AND (d.state = 'delivered' OR d.\(DeliveryState.isOpenInSQL)))
            ORDER BY id
            """, [.integer(now.seconds)]
        ) { $0.integer(0) ?? 0 }
        let router = NoticeRouter(session: session, plan: plan)
        let outbox = OutboxWriter(session: session, now: now)
        for notice in unheard {
            try outbox.enqueue(noticeID: notice, to: router.addressees(ofNotice: notice, at: now))
        }
    }

    private func knownRoutes() throws -> String? {
        try session.first("SELECT value FROM meta WHERE name = 'routes'") { $0.text(0) ?? "" }
    }

    /// - Returns: whether they have changed since they were known.
    private func adoptRoutes() throws -> Bool {
        let known = try knownRoutes()
        guard known != plan.routeDigest else { return false }
        try session.execute(
            "INSERT INTO meta(name, value) VALUES('routes', $1) ON CONFLICT(name) DO UPDATE SET value = $1",
            [.text(plan.routeDigest)])
        return known != nil
    }

    private func rankFallbacks() throws {
        try session.execute("UPDATE receivers SET fallback_rank = NULL", [])
        let ranks = [(FallbackRank.rest, plan.route.receivers), (.fallback, plan.route.fallback)]
        for (rank, names) in ranks {
            for name in names {
                try session.execute(
                    "UPDATE receivers SET fallback_rank = $1 WHERE name = $2", [.integer(rank.rawValue), .text(name)])
            }
        }
    }
}
