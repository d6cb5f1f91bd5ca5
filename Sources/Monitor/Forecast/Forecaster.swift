import Certificates
import Configuration
import Delivery
import ExpiryRules
import LedgerStorage

/// Computes a forecast by simulation: the code that decides and claims runs on a copy of the ledger, from one due time
/// to the next, and nothing is sent. So no rule exists twice, and the forecast cannot differ from what will be sent.
package struct Forecaster: Sendable {
    private let ledger: Ledger
    private let plan: WatchPlan
    private let receivers: [ConfiguredReceiver]
    private let sources: [SourceKey]
    private let expectations: [String: RegistrationExpectations]
    private let interval: TimeSpan

    /// - Parameters:
    ///   - copy: a copy of the ledger, which the forecast changes.
    ///   - plan: the registrations and routes.
    ///   - receivers: the configured receivers.
    ///   - sources: all sources that passes read.
    ///   - expectations: the expectations of certificates, by the registration's name.
    ///   - interval: the time from one pass to the next.
    package init(
        copy: Ledger, plan: WatchPlan, receivers: [ConfiguredReceiver], sources: [SourceKey],
        expectations: [String: RegistrationExpectations] = [:], interval: TimeSpan
    ) {
        ledger = copy
        self.plan = plan
        self.receivers = receivers
        self.sources = sources
        self.expectations = expectations
        self.interval = interval
    }

    package init(copy: Ledger, settings: Settings) {
        self.init(
            copy: copy, plan: settings.plan, receivers: settings.receivers, sources: settings.sourceKeys,
            expectations: settings.expectations, interval: settings.interval)
    }

    /// Simulates the time from `now` until `end`.
    ///
    /// - Throws: `LedgerError`, also when no pass has been made yet.
    package func forecast(from now: Instant, until end: Instant) async throws -> Forecast {
        guard let lastPass = try await ledger.lastPass() else {
            throw LedgerError("the ledger is empty: no pass was made so far; run `notafter scan` first")
        }
        let passes = PassTimes(after: lastPass, interval: interval, from: now)
        try await ledger.reconcile(sources: sources, plan: plan, at: now)
        try await ledger.reconcileReceivers(
            try receivers.map { ($0.name, try $0.settingsDigest()) }, plan: plan, at: now)

        let findings = try await ledger.openFindings()
        var record = ForecastRecord(plan: plan, waiting: try await openDeliveries())
        var next: Instant? = now
        var hasVerified = false
        let rules = RuleCache()
        while let instant = next, instant <= end {
            if passes.isPass(instant) {
                // The first pass verifies against the current configuration. Later ones verify only what time can
                // change.
                let noticeIDs =
                    try await hasVerified
                    ? review(at: instant, by: rules) : verify(at: instant, by: rules)
                hasVerified = true
                record.decided(try await noticeIDs + decide(at: instant), at: instant)
            }
            try await deliver(at: instant, into: &record)
            next = try await nextEvent(after: instant, passes)
        }
        try await addUnaddressed(to: &record)
        return Forecast(
            from: now, until: end, notices: record.noticesInOrder,
            undeliverable: try await openDeliveries().filter { $0.nextAttempt == nil },
            findings: findings)
    }

    private func openDeliveries() async throws -> [DeliveryRecord] {
        try await ledger.deliveries(in: DeliveryState.allCases.filter(\.isOpen))
    }

    /// The registrations to verify. Those with a key file keep their verdicts, since a forecast opens no file.
    private var verified: [Registration] { plan.registrations.filter { expectations[$0.name]?.keyFile == nil } }

    private func verify(at now: Instant, by rules: RuleCache) async throws -> [Int64] {
        try await verifier(at: now).verify(verified, by: rules)
    }

    private func review(at now: Instant, by rules: RuleCache) async throws -> [Int64] {
        let reviews = try await ledger.nextReviewsDue(in: verified.map(\.name))
        let doubtful = verified.filter { registration in reviews[registration.name].map { $0 <= now } ?? false }
        return doubtful.isEmpty ? [] : try await verifier(at: now).review(doubtful, by: rules)
    }

    private func verifier(at now: Instant) -> Verifier {
        Verifier(ledger: ledger, plan: plan, expectations: expectations, time: FixedTime(now))
    }

    private func decide(at now: Instant) async throws -> [Int64] {
        let noticeIDs = try await ledger.decideDue(plan: plan, at: now)
        return try await noticeIDs + ledger.decideSummary(plan: plan, at: now)
    }

    /// Accepts all due messages in place of the receivers.
    private func deliver(at now: Instant, into record: inout ForecastRecord) async throws {
        try await ledger.tidyOutbox(longestWait: RetrySchedule.longestRetryAfter, at: now)
        // A delivery to one receiver can create a notice for another.
        while try await deliverOnce(at: now, into: &record) {}
    }

    /// - Returns: whether there was a message to accept.
    private func deliverOnce(at now: Instant, into record: inout ForecastRecord) async throws -> Bool {
        var tookAny = false
        for receiver in receivers {
            var mayHaveMore = true
            while mayHaveMore {
                let claims = try await claims(for: receiver, at: now)
                mayHaveMore = claims.count == LeaseCount.most
                guard !claims.isEmpty else { break }
                try await note(claims, of: receiver, at: now, in: &record)
                try await ledger.settle(claims.map { ($0, .taken) }, at: now)
                tookAny = true
            }
        }
        return tookAny
    }

    private func note(
        _ claims: [Claim], of receiver: ConfiguredReceiver, at now: Instant, in record: inout ForecastRecord
    ) async throws {
        let facts = try await ledger.notices(of: claims.flatMap(\.identities), at: now)
        for claim in claims {
            for identity in claim.identities {
                let key = record.key(identity, to: receiver.name, at: now)
                if !record.knows(key), let facts = facts[identity] { record.add(facts, as: key) }
                record.add(.init(name: receiver.name, messageID: claim.message.identifier), to: key)
            }
        }
    }

    private func claims(for receiver: ConfiguredReceiver, at now: Instant) async throws -> [Claim] {
        let plan = plan
        return try await ledger.claims(
            for: receiver.name, upTo: LeaseCount.most, at: now, boot: BootTime(bootID: "forecast", seconds: 0),
            terms: receiver.terms(at: now),
            plan: plan,
            render: { try receiver.frozen($0, plan: plan) })
    }

    /// The next due time. A decision waits for the next pass, a delivery does not.
    private func nextEvent(after now: Instant, _ passes: PassTimes) async throws -> Instant? {
        let soonest = now + TimeSpan(seconds: 1)
        let decisions = [
            try await ledger.nextDecisionDue(), try await ledger.nextReviewsDue(in: verified.map(\.name)).values.min(),
            try await ledger.nextSummaryDue(plan: plan, at: now),
        ].compactMap(\.self).min().map { passes.next(onOrAfter: max($0, soonest)) }
        // A due delivery that could not be claimed waits for another condition, which a later pass may change.
        let deliveries = try await ledger.nextDeliveryDue().map { $0 > now ? $0 : passes.next(onOrAfter: soonest) }
        return [decisions, deliveries].compactMap(\.self).min()
    }

    private func addUnaddressed(to record: inout ForecastRecord) async throws {
        let unaddressed = Set(try await ledger.unaddressed(among: record.decisions.map(\.noticeID)))
        for (noticeID, instant) in record.decisions where unaddressed.contains(noticeID) {
            for facts in try await ledger.notices([noticeID], at: instant) { record.addUnaddressed(facts, at: instant) }
        }
    }
}

extension Settlement {
    fileprivate static let taken = Settlement(
        outcome: .delivered, consequence: .delivered, evidence: .answered, status: nil, detail: "forecast",
        milliseconds: 0)
}
