import Certificates
import ExpiryRules

extension Ledger {
    /// Brings the table of receivers in step with the configuration. What waits for a receiver whose settings have changed
    /// is due at once, the deliveries of one that was removed are cancelled, and a new one is told what nobody heard. Where the
    /// routes have changed, what is unsent goes to whom they name now.
    ///
    /// - Parameters:
    ///   - receivers: all there are: name, and a digest of everything on which it depends whether a message is taken.
    ///   - plan: the routes, and what they ask of registrations.
    ///   - now: when what waited becomes due.
    /// - Throws: `LedgerError`.
    package func reconcileReceivers(
        _ receivers: [(name: String, settings: [UInt8])], plan: WatchPlan, at now: Instant
    ) async throws {
        // Asked at every turn of the daemon, and almost never in need of a transaction.
        let isInStep = try await engine.read { session in
            try ReceiverReconciler(session: session, plan: plan, now: now).isInStep(with: receivers)
        }
        guard !isInStep else { return }
        try await engine.write { try ReceiverReconciler(session: $0, plan: plan, now: now).reconcile(receivers) }
    }

    /// Tells `receiver`, which came later, also what stands and others have heard, as far as the routes name it for that.
    ///
    /// - Returns: how many notices it is told of; nil where no pass has met the receiver yet.
    /// - Throws: `LedgerError`.
    package func backfill(_ receiver: String, plan: WatchPlan, at now: Instant) async throws -> Int? {
        try await engine.write { session in
            guard try session.receivers.names().contains(receiver) else { return nil }
            let router = NoticeRouter(session: session, plan: plan)
            var told = 0
            for notice in try session.memory.open(withoutDeliveryTo: receiver, at: now) {
                let mine = try router.addressees(ofNotice: notice, at: now).filter { $0.receiver == receiver }
                try session.deliveries.enqueue(noticeID: notice, to: mine, at: now)
                told += mine.count
            }
            return told
        }
    }

    /// Claims what is due first for `receiver`, as `claims` does.
    ///
    /// - Parameters:
    ///   - receiver: its name.
    ///   - now: what the schedule goes by.
    ///   - boot: the claimant's boot clock, which leases go by.
    ///   - terms: for how long, and whether for several notices at once.
    ///   - plan: what silences are matched with.
    ///   - render: makes the message at the first attempt.
    /// - Returns: nil when nothing is due, or the receiver's gate is closed.
    /// - Throws: `LedgerError`, or what `render` throws.
    package func claim(
        for receiver: String, at now: Instant, boot: BootTime, terms: ClaimTerms, plan: WatchPlan,
        render: @escaping @Sendable (MessageContent) throws -> FrozenMessage
    ) async throws -> Claim? {
        try await claims(for: receiver, upTo: 1, at: now, boot: boot, terms: terms, plan: plan, render: render).first
    }

    /// Claims up to `limit` messages that are due for `receiver`, and freezes each, in one durable transaction: nothing is
    /// sent that the ledger does not know to be on its way. A claimant that dies leaves all of them `unknown`.
    ///
    /// - Parameters:
    ///   - receiver: its name.
    ///   - limit: one, unless the receiver takes many messages quickly.
    ///   - now: what the schedule goes by.
    ///   - boot: the claimant's boot clock, which leases go by.
    ///   - terms: for how long, and whether for several notices at once.
    ///   - plan: what silences are matched with.
    ///   - render: makes the message at the first attempt.
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

    /// Ends the deliveries that nobody needs any more, calls back those that a clock which ran ahead has put off for longer
    /// than `longestWait`, and reviews the receivers that refuse, take nothing, or missed what expired.
    package func tidyOutbox(longestWait: TimeSpan, at now: Instant) async throws {
        try await engine.write { session in
            let outbox = OutboxWriter(session: session, now: now)
            try outbox.expireUseless()
            try outbox.callBack(putOffBeyond: now + longestWait)
            try ReceiverWatch(session: session, now: now).reconsiderAll()
            try ReachabilityWatch(session: session, now: now).reviewAll()
        }
    }

    /// Records what an attempt learned.
    ///
    /// An acceptance is knowledge and is recorded whoever holds the lease by now; anything else counts only while the
    /// lease is still the claimant's.
    package func settle(_ claim: Claim, with settlement: Settlement, at now: Instant) async throws {
        try await settle([(claim, settlement)], at: now)
    }

    /// Records what several attempts learned, in the order in which they ended, in one transaction.
    package func settle(_ attempts: [(claim: Claim, settlement: Settlement)], at now: Instant) async throws {
        try await engine.write { session in
            let settler = Settler(session: session, now: now)
            for (claim, settlement) in attempts { try settler.settle(claim, with: settlement) }
        }
    }
}
