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
            let isKnown = try session.first("SELECT 1 FROM receivers WHERE name = $1", [.text(receiver)]) { _ in true }
            guard isKnown == true else { return nil }
            let standing = try session.query(
                """
                SELECT id FROM notices
                WHERE state = 'open' AND kind IN ('expiring', 'expired', 'finding') AND useful_until >= $1
                    AND id NOT IN (SELECT notice_id FROM deliveries WHERE receiver = $2) ORDER BY id
                """, [.integer(now.seconds), .text(receiver)]
            ) { $0.integer(0) ?? 0 }
            let router = NoticeRouter(session: session, plan: plan)
            let outbox = OutboxWriter(session: session, now: now)
            var told = 0
            for notice in standing {
                let mine = try router.addressees(ofNotice: notice, at: now).filter { $0.receiver == receiver }
                try outbox.enqueue(noticeID: notice, to: mine)
                told += mine.count
            }
            return told
        }
    }

    /// Claims what is due first for `receiver`, and freezes the message that tells it, in one durable transaction: nothing
    /// is sent that the ledger does not know to be on its way.
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
        try await engine.write { session in
            let claimant = Claimant(session: session, plan: plan, now: now, boot: boot, terms: terms, render: render)
            while let candidate = try claimant.firstDue(for: receiver) {
                if let claim = try claimant.take(candidate) { return claim }
            }
            return nil
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
        try await engine.write { session in
            try Settler(session: session, now: now).settle(claim, with: settlement)
        }
    }

    /// When a delivery for any of `receivers` is due next; nil when the outbox is empty.
    package func nextDeliveryDue() async throws -> Instant? {
        try await engine.read { session in
            try session.first(
                """
                SELECT min(CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
                FROM deliveries d JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND r.disabled_because IS NULL
                """
            ) { $0.integer(0).map(Instant.init(seconds:)) } ?? nil
        }
    }

    /// When the first delivery falls due that waits for its own next attempt or for its receiver's gate; nil when none
    /// does. What is due at `now` already waits for something else, and so does what a silence holds.
    package func nextRetryDue(after now: Instant) async throws -> Instant? {
        try await engine.read { session in
            try session.first(
                """
                SELECT min(CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
                FROM deliveries d JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND d.held_by IS NULL
                    AND r.disabled_because IS NULL AND (d.next_at > $1 OR r.not_before > $1)
                """, [.integer(now.seconds)]
            ) { $0.integer(0).map(Instant.init(seconds:)) } ?? nil
        }
    }
}
