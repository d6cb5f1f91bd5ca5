import Certificates
import ExpiryRules

/// How the outbox stands, for exit codes and summaries.
package struct OutboxState: Hashable, Sendable {
    /// Deliveries not yet settled, parked ones among them.
    package let open: Int
    /// Deliveries that wait for the end of a silence, and are not counted as open.
    package let held: Int
    package let parked: Int
    /// Deliveries that expired undelivered since `since`.
    package let expired: Int
    /// Receivers that said they are gone.
    package let disabledReceivers: [String]

    package static let empty = OutboxState(open: 0, held: 0, parked: 0, expired: 0, disabledReceivers: [])
}

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
    /// than `longestWait`, and looks whether receivers that refused still do.
    package func tidyOutbox(longestWait: TimeSpan, at now: Instant) async throws {
        try await engine.write { session in
            let outbox = OutboxWriter(session: session, now: now)
            try outbox.expireUseless()
            try outbox.callBack(putOffBeyond: now + longestWait)
            try ReceiverWatch(session: session, now: now).reconsiderAll()
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

    /// How the outbox stands, `since` being the beginning of a pass that has just ended.
    package func outboxState(expiredSince since: Instant) async throws -> OutboxState {
        try await engine.read { session in
            let counts = try session.first(
                """
                SELECT count(CASE WHEN s.id IS NULL THEN 1 END), count(s.id),
                    count(CASE WHEN d.state = 'parked' AND s.id IS NULL THEN 1 END)
                FROM deliveries d LEFT JOIN silences s ON s.id = d.held_by AND \(SilenceRows.isActiveInSQL(now: "$1"))
                WHERE d.\(DeliveryState.isOpenInSQL)
                """, [.integer(since.seconds)]
            ) { row in (0...2).map { Int(row.integer($0) ?? 0) } }
            let expired = try session.first(
                // A summary that nobody took is overtaken by the next one.
                """
                SELECT count(*) FROM deliveries d WHERE state = 'expired' AND settled_at >= $1 AND EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = d.notice_id AND n.kind <> $2)
                """, [.integer(since.seconds), .text(NoticeKind.summary.rawValue)]
            ) { Int($0.integer(0) ?? 0) }
            let disabled = try session.query(
                "SELECT name FROM receivers WHERE disabled_because IS NOT NULL ORDER BY name"
            ) { $0.text(0) ?? "" }
            return OutboxState(
                open: counts?[0] ?? 0, held: counts?[1] ?? 0, parked: counts?[2] ?? 0, expired: expired ?? 0,
                disabledReceivers: disabled)
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
}
