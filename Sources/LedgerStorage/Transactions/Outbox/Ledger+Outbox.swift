import Certificates
import ExpiryRules

extension Ledger {
    /// Brings the table of receivers in line with the configuration. Deliveries for a receiver with changed settings
    /// are due at once, those for a removed receiver are cancelled, and open notices that no receiver got go to a new
    /// receiver. If the routes have changed, unsent notices go to the receivers that they name now.
    ///
    /// - Parameters:
    ///   - receivers: all receivers, each with its name and a digest of everything that can decide whether it accepts a
    ///     message.
    ///   - plan: the registrations and routes.
    ///   - now: the time at which waiting deliveries become due.
    /// - Throws: `LedgerError`.
    package func reconcileReceivers(
        _ receivers: [(name: String, settings: [UInt8])], plan: WatchPlan, at now: Instant
    ) async throws {
        // The daemon calls this at each tick, and it rarely needs a transaction.
        let isInStep = try await engine.read { session in
            try ReceiverReconciler(session: session, plan: plan, now: now).isInStep(with: receivers)
        }
        guard !isInStep else { return }
        try await engine.write { try ReceiverReconciler(session: $0, plan: plan, now: now).reconcile(receivers) }
    }

    /// Sends open notices that other receivers have had to a receiver that was added later, if the routes name it for
    /// them.
    ///
    /// - Returns: the number of notices; nil if no pass has stored the receiver yet.
    /// - Throws: `LedgerError`.
    package func backfill(_ receiver: String, plan: WatchPlan, at now: Instant) async throws -> Int? {
        try await engine.write { session in
            guard try session.receivers.names().contains(receiver) else { return nil }
            let router = NoticeRouter(session: session, plan: plan)
            var notified = 0
            for notice in try session.memory.open(withoutDeliveryTo: receiver, at: now) {
                let mine = try router.addressees(ofNotice: notice, at: now).filter { $0.receiver == receiver }
                try session.deliveries.enqueue(noticeID: notice, to: mine, at: now)
                notified += mine.count
            }
            return notified
        }
    }

    /// Claims the first due message for `receiver`, as `claims` does.
    ///
    /// - Parameters:
    ///   - receiver: its name.
    ///   - now: the clock of the schedule.
    ///   - boot: the claimant's boot clock, for the lease.
    ///   - terms: the duration of the lease, the batching and the quiet hours.
    ///   - plan: the registrations, which silences match.
    ///   - render: makes the message at the first attempt.
    /// - Returns: nil when nothing is due, or the receiver's gate is closed.
    /// - Throws: `LedgerError`, or what `render` throws.
    package func claim(
        for receiver: String, at now: Instant, boot: BootTime, terms: ClaimTerms, plan: WatchPlan,
        render: @escaping @Sendable (MessageContent) throws -> FrozenMessage
    ) async throws -> Claim? {
        try await claims(for: receiver, upTo: 1, at: now, boot: boot, terms: terms, plan: plan, render: render).first
    }

    /// Claims up to `limit` due messages for `receiver` and freezes each, in one durable transaction, so that the
    /// ledger knows of each message before it is sent. If the claimant crashes, all of them become `unknown`.
    ///
    /// - Parameters:
    ///   - receiver: its name.
    ///   - limit: one, unless the receiver accepts many messages quickly.
    ///   - now: the clock of the schedule.
    ///   - boot: the claimant's boot clock, for the leases.
    ///   - terms: the duration of the leases, the batching and the quiet hours.
    ///   - plan: the registrations, which silences match.
    ///   - render: makes a message at its first attempt.
    /// - Returns: none when nothing is due, or the receiver's gate is closed.
    /// - Throws: `LedgerError`, or what `render` throws.
    package func claims(
        for receiver: String, upTo limit: Int, at now: Instant, boot: BootTime, terms: ClaimTerms, plan: WatchPlan,
        render: @escaping @Sendable (MessageContent) throws -> FrozenMessage
    ) async throws -> [Claim] {
        try await engine.write { session in
            try Claimant(session: session, plan: plan, now: now, boot: boot, terms: terms, render: render)
                .claims(for: receiver, upTo: limit)
        }
    }

    /// Expires deliveries that are no longer useful, makes deliveries due that a clock that ran ahead has postponed by
    /// more than `longestWait`, and reviews receivers that refuse, accept nothing, or missed expired notices.
    package func tidyOutbox(longestWait: TimeSpan, at now: Instant) async throws {
        try await engine.write { session in
            let outbox = OutboxWriter(session: session, now: now)
            try outbox.expireUseless()
            try outbox.callBack(putOffBeyond: now + longestWait)
            try ReceiverWatch(session: session, now: now).reconsiderAll()
            try ReachabilityWatch(session: session, now: now).reviewAll()
        }
    }

    /// Records the result of an attempt.
    ///
    /// An acceptance is always recorded, even if another sender holds the lease now. Any other result counts only while
    /// the claimant still holds the lease.
    package func settle(_ claim: Claim, with settlement: Settlement, at now: Instant) async throws {
        try await settle([(claim, settlement)], at: now)
    }

    /// Records the results of several attempts in one transaction, in the order in which they ended.
    package func settle(_ attempts: [(claim: Claim, settlement: Settlement)], at now: Instant) async throws {
        try await engine.write { session in
            let settler = Settler(session: session, now: now)
            for (claim, settlement) in attempts { try settler.settle(claim, with: settlement) }
        }
    }
}
