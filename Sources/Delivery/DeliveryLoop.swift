import Certificates
import CurlBinding
import ExpiryRules
import LedgerStorage
import Messages
import TransportSecurity

/// Drains the outbox: claim, attempt, settle. Each receiver has a lane of its own, so that a slow receiver does not
/// delay the others.
package struct DeliveryLoop: Sendable {
    private let ledger: Ledger
    private let transfers: any TransferPerforming
    private let credentials = CredentialStore()
    private let receivers: [ConfiguredReceiver]
    private let plan: WatchPlan
    private let time: any TimeSource
    private let bootTime: @Sendable () -> BootTime
    private let period: TimeSpan
    private let classifier: ResponseClassifier
    /// Endpoints that this pass has not probed yet. Their notices are not sent before the probe.
    package var unprobedEndpoints: Set<String> = []
    /// Called with the number of attempts that were made and recorded.
    package var noteAttempts: @Sendable (Int) -> Void = { _ in }
    private let mostAtOnce: Int
    private let pause: @Sendable (TimeSpan) async -> Void

    /// A message that takes longer than this lets the lane send the next one concurrently.
    private static let patience = Duration.seconds(1)

    /// `time` is the clock of rules and retries, `bootTime` that of leases. `period` is the time from one pass to the
    /// next, `mostAtOnce` the most concurrent messages to one receiver, and `pause` waits for a retry.
    package init(
        ledger: Ledger, transfers: any TransferPerforming, receivers: [ConfiguredReceiver], plan: WatchPlan,
        time: any TimeSource,
        bootTime: @escaping @Sendable () -> BootTime, period: TimeSpan = .hours(1),
        schedule: RetrySchedule = RetrySchedule(), mostAtOnce: Int = .max,
        pause: @escaping @Sendable (TimeSpan) async -> Void = Pause.wait
    ) {
        self.mostAtOnce = mostAtOnce
        self.pause = pause
        self.ledger = ledger
        self.transfers = transfers
        self.receivers = receivers
        self.plan = plan
        self.time = time
        self.bootTime = bootTime
        self.period = period
        self.classifier = ResponseClassifier(schedule: schedule)
    }

    /// Brings the ledger's receivers and deliveries in line with the configuration.
    package func reconcile() async throws {
        try await ledger.reconcileReceivers(
            try receivers.map { ($0.name, try $0.settingsDigest()) }, plan: plan, at: time.now)
    }

    /// Sends all due messages. Stops early when `shouldGoOn`, which is asked between two attempts, returns false. Waits
    /// for retries that fall due within `budget`, counted from the call.
    ///
    /// - Throws: `LedgerError`; no receiver's failure is an error.
    package func drain(
        spending budget: TimeSpan = .hours(0), while shouldGoOn: @escaping @Sendable () -> Bool = { true }
    ) async throws -> [DeliveryReport] {
        try await ledger.tidyOutbox(longestWait: RetrySchedule.longestRetryAfter, at: time.now)
        let start = time.now
        // Counted separately, so that a clock that is set back during the wait does not lengthen it.
        var waited = TimeSpan(seconds: 0)
        var reports = try await drainWhatIsDue(while: shouldGoOn)
        while !time.isRehearsal, shouldGoOn(), !Task.isCancelled {
            let now = time.now
            guard let due = try await ledger.nextRetryDue(after: now) else { break }
            let wait = due - now
            guard max(now - start, waited).seconds + wait.seconds <= budget.seconds else { break }
            await pause(wait)
            waited = TimeSpan(seconds: waited.seconds + wait.seconds)
            reports += try await drainWhatIsDue(while: shouldGoOn)
        }
        return reports
    }

    private func drainWhatIsDue(while shouldGoOn: @escaping @Sendable () -> Bool) async throws -> [DeliveryReport] {
        var reports: [DeliveryReport] = []
        while true {
            let round = try await drainAllLanes(while: shouldGoOn)
            // A receiver's refusal creates a notice for other receivers, whose lanes may have ended already.
            guard !round.isEmpty else { return reports }
            reports += round
        }
    }

    private func drainAllLanes(while shouldGoOn: @escaping @Sendable () -> Bool) async throws -> [DeliveryReport] {
        try await withThrowingTaskGroup(of: [DeliveryReport].self) { lanes in
            for receiver in receivers {
                lanes.addTask { try await drain(receiver, while: shouldGoOn) }
            }
            return try await lanes.reduce(into: []) { $0 += $1 }
        }
    }

    /// Sends all open notices again to receivers that need it, once at the end of each pass.
    ///
    /// - Parameter period: the time until the next pass.
    /// - Returns: the failures, by receiver. The next pass tries again.
    /// - Throws: `LedgerError`.
    package func repeatStanding(period: TimeSpan) async throws -> [StandingFailure] {
        var failures: [StandingFailure] = []
        for configured in receivers {
            guard let receiver = configured.receiver as? any StandingReceiver else { continue }
            let messages = try await ledger.openNotices(notifiedTo: configured.name, at: time.now).map { facts in
                try configured.composer.message(facts, registration: plan.registration(named: facts.registration))
            }
            guard !messages.isEmpty else { continue }
            let sender = HTTPSender(
                transfers: transfers, credentials: credentials, limit: receiver.longestAttempt, at: time.now)
            do {
                let result = try await receiver.repeatStanding(
                    messages, period: period, at: time.now, through: sender)
                guard result.outcome != .delivered else { continue }
                failures.append(StandingFailure(receiver: configured.name, detail: result.detail))
            } catch {
                failures.append(StandingFailure(receiver: configured.name, detail: "\(error)"))
            }
        }
        return failures
    }

    private enum LaneEvent: Sendable {
        case sent(DeliveryReport, Settlement)
        /// The message with this claim number took longer than `patience`.
        case slow(Int)
    }

    /// Sends all due messages of one receiver: one after another; concurrently while the receiver is slow to answer, so
    /// that the total is not the sum of its response times; and in groups while it takes many quickly. The ledger keeps
    /// the order within a subject.
    private func drain(
        _ receiver: ConfiguredReceiver, while shouldGoOn: @Sendable () -> Bool
    ) async throws -> [DeliveryReport] {
        let width = min(mostAtOnce, receiver.kind.type.mostAtOnce)
        return try await withThrowingTaskGroup(of: LaneEvent.self) { lane in
            var reports: [DeliveryReport] = []
            var claimed = 0
            var underWay = 0
            var mayClaim = true
            var leaseCount = LeaseCount()
            while true {
                if width > 1, leaseCount.current > 1, underWay == 0, shouldGoOn() {
                    let claims = try await claims(for: receiver, upTo: leaseCount.current)
                    guard !claims.isEmpty else { break }
                    let sent = try await sendTogether(claims, to: receiver, atOnce: width)
                    leaseCount.note(sent.map(\.settlement))
                    reports += sent.map { DeliveryReport($0.claim, $0.settlement) }
                    continue
                }
                if mayClaim, shouldGoOn(), let claim = try await claim(for: receiver) {
                    claimed += 1
                    underWay += 1
                    lane.addTask {
                        let settlement = try await send(claim, to: receiver)
                        return .sent(DeliveryReport(claim, settlement), settlement)
                    }
                    if underWay < width {
                        let number = claimed
                        lane.addTask {
                            // Cancelled when the lane ends.
                            try? await Task.sleep(for: Self.patience)
                            return .slow(number)
                        }
                    }
                }
                guard underWay > 0 else { break }
                switch try await lane.next() {
                case .sent(let report, let settlement):
                    reports.append(report)
                    leaseCount.note([settlement])
                    underWay -= 1
                    mayClaim = true
                case .slow(let number): mayClaim = number == claimed && underWay < width
                case nil: mayClaim = false
                }
            }
            lane.cancelAll()
            return reports
        }
    }

    private func send(_ claim: Claim, to receiver: ConfiguredReceiver) async throws -> Settlement {
        let settlement = await attempt(claim, to: receiver)
        try await settle([(claim, settlement)])
        return settlement
    }

    /// Runs in a task of its own, so that a cancelled lane still records the result of its attempts.
    private func settle(_ attempts: [(claim: Claim, settlement: Settlement)]) async throws {
        try await Task { [ledger, time] in try await ledger.settle(attempts, at: time.now) }.value
        noteAttempts(attempts.count)
    }

    /// Sends messages that were claimed together, `width` at once, and settles them together. After the first one that
    /// is not accepted quickly, it starts no further attempt. They share connections, which close with the last of them,
    /// so that changed credentials apply from the next group on.
    ///
    /// - Returns: the attempts that were made.
    private func sendTogether(
        _ claims: [Claim], to receiver: ConfiguredReceiver, atOnce width: Int
    ) async throws -> [(claim: Claim, settlement: Settlement)] {
        var waiting = claims[...]
        let connections = transfers.keepConnections()
        let made = await withTaskGroup(of: (claim: Claim, settlement: Settlement).self) { group in
            func begin() {
                guard let claim = waiting.popFirst() else { return }
                group.addTask { (claim, await attempt(claim, to: receiver, over: connections)) }
            }
            for _ in 0..<width { begin() }
            var made: [(claim: Claim, settlement: Settlement)] = []
            var areTaken = true
            while let attempt = await group.next() {
                made.append(attempt)
                areTaken = areTaken && attempt.settlement.isQuickAcceptance && !Task.isCancelled
                if areTaken { begin() }
            }
            return made
        }
        try await settle(made + waiting.map { ($0, notBegun) })
        return made
    }

    private func claim(for receiver: ConfiguredReceiver) async throws -> Claim? {
        try await claims(for: receiver, upTo: 1).first
    }

    private func claims(for receiver: ConfiguredReceiver, upTo limit: Int) async throws -> [Claim] {
        let plan = plan
        let now = time.now
        var terms = receiver.terms(at: now)
        terms.unprobedEndpoints = unprobedEndpoints
        return try await ledger.claims(
            for: receiver.name, upTo: limit, at: now, boot: bootTime(), terms: terms, plan: plan,
            render: { try receiver.frozen($0, plan: plan) })
    }

    /// Settles a message that was claimed with others and not attempted. It is due again at once.
    private var notBegun: Settlement {
        Settlement(
            outcome: .notSent, consequence: .retry(time.now), evidence: .nothing, status: nil,
            detail: "not sent: the receiver did not take the message before it at once", milliseconds: 0)
    }

    /// Records that nothing was sent. Without it the next claimant must assume that the receiver may have the message.
    private var overslept: Settlement {
        Settlement(
            outcome: .notSent, consequence: .retry(time.now), evidence: .nothing, status: nil,
            detail: "not sent: the lease was over before anything was sent", milliseconds: 0)
    }

    private func attempt(
        _ claim: Claim, to receiver: ConfiguredReceiver, over connections: KeptConnections? = nil
    ) async -> Settlement {
        do {
            let attempt = Attempt(
                id: claim.message.identifier, type: MessageType(claim), body: claim.body, number: claim.attempt,
                mayBeDuplicate: claim.mayBeDuplicate, now: time.now, period: period)
            let sender = HTTPSender(
                transfers: transfers, connections: connections, credentials: credentials,
                limit: receiver.receiver.longestAttempt, at: time.now)
            // From here on the sender's time limit applies; it is shorter than the rest of the lease.
            guard claim.isHeld(at: bootTime()) else { return overslept }
            let result = try await receiver.receiver.send(attempt, through: sender)
            return classifier.settlement(of: result, claim, terms: receiver.terms, at: time.now)
        } catch {
            return Settlement(
                outcome: .notSent, consequence: .park(time.now + RetrySchedule.parkedDelay),
                evidence: .nothing, status: nil, detail: "\(error)", milliseconds: 0)
        }
    }
}

extension MessageType {
    init(_ claim: Claim) {
        self = claim.identities.count == 1 ? MessageType(claim.identities[0]) : .digest
    }
}

/// Open notices that could not be sent again to a `StandingReceiver`.
package struct StandingFailure: Hashable, Sendable {
    package let receiver: String
    package let detail: String
}

/// One attempt, for the report of the pass.
package struct DeliveryReport: Hashable, Sendable {
    package let receiver: String
    package let messageID: String
    package let type: MessageType
    package let attempt: Int
    package let outcome: AttemptOutcome
    package let status: Int?
    package let detail: String

    init(_ claim: Claim, _ settlement: Settlement) {
        self.receiver = claim.receiver
        self.messageID = claim.message.identifier
        self.type = MessageType(claim)
        self.attempt = claim.attempt
        self.outcome = settlement.outcome
        self.status = settlement.status
        self.detail = settlement.detail
    }
}
