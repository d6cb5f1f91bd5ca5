import Certificates
import CurlBinding
import ExpiryRules
import LedgerStorage

/// Drains the outbox: claim, attempt, settle, one lane for each receiver, so that a slow or dead one holds up nobody else.
package struct DeliveryLoop: Sendable {
    /// Longer than any attempt can take, so that a lease that is over means a sender that is dead or stuck.
    static let lease = TimeSpan(seconds: 2 * Int64(WebhookRequest.timeoutMilliseconds) / 1_000)

    private let ledger: Ledger
    private let transfers: any TransferPerforming
    private let receivers: [Receiver]
    private let plan: WatchPlan
    private let time: any TimeSource
    private let bootTime: @Sendable () -> BootTime
    private let judge: AnswerJudge

    /// Rules and schedule go by `time`, leases by `bootTime`.
    package init(
        ledger: Ledger, transfers: any TransferPerforming, receivers: [Receiver], plan: WatchPlan, time: any TimeSource,
        bootTime: @escaping @Sendable () -> BootTime, schedule: RetrySchedule = RetrySchedule()
    ) {
        self.ledger = ledger
        self.transfers = transfers
        self.receivers = receivers
        self.plan = plan
        self.time = time
        self.bootTime = bootTime
        self.judge = AnswerJudge(schedule: schedule)
    }

    /// Tells the ledger which receivers there are, and what their messages depend on.
    package func reconcile() async throws {
        try await ledger.reconcileReceivers(
            try receivers.map { ($0.name, try $0.webhook.settingsDigest()) }, at: time.now)
    }

    /// Sends what is due until nothing is, or until `shouldStop` says so between two attempts.
    ///
    /// - Throws: `LedgerError`; no receiver's failure is an error.
    package func drain(while shouldGoOn: @escaping @Sendable () -> Bool = { true }) async throws -> [DeliveryReport] {
        try await ledger.tidyOutbox(longestWait: RetrySchedule.longestRetryAfter, at: time.now)
        return try await withThrowingTaskGroup(of: [DeliveryReport].self) { lanes in
            for receiver in receivers {
                lanes.addTask { try await drain(receiver, while: shouldGoOn) }
            }
            return try await lanes.reduce(into: []) { $0 += $1 }
        }
    }

    private func drain(
        _ receiver: Receiver, while shouldGoOn: @Sendable () -> Bool
    ) async throws -> [DeliveryReport] {
        var reports: [DeliveryReport] = []
        while shouldGoOn(), let claim = try await claim(for: receiver) {
            let id = try MessageIdentifier(of: claim.identity, to: receiver.name).description
            let settlement = await attempt(claim, id: id, to: receiver)
            // Also when this task was cancelled meanwhile: what was learned must not be lost.
            try await Task { [ledger, time] in try await ledger.settle(claim, with: settlement, at: time.now) }.value
            reports.append(DeliveryReport(receiver: receiver.name, messageID: id, claim: claim, settlement: settlement))
        }
        return reports
    }

    private func claim(for receiver: Receiver) async throws -> Claim? {
        let plan = plan
        return try await ledger.claim(
            for: receiver.name, at: time.now, boot: bootTime(), lease: Self.lease,
            render: { facts in
                try NativeMessage(
                    facts, registration: plan.registration(named: facts.registration),
                    id: MessageIdentifier(of: facts.identity, to: receiver.name).description
                ).encoded()
            })
    }

    /// Whoever claims it next cannot know that it never left, unless this is recorded first.
    private var overslept: Settlement {
        Settlement(
            outcome: .notSent, consequence: .retry(time.now), receiverClosedUntil: nil, status: nil,
            detail: "not sent: the lease was over before anything was sent", milliseconds: 0)
    }

    private func attempt(_ claim: Claim, id: String, to receiver: Receiver) async -> Settlement {
        do {
            let request = try WebhookRequest(
                receiver.webhook, id: id, body: claim.body, attempt: claim.attempt,
                mayBeDuplicate: claim.mayBeDuplicate, at: time.now)
            guard claim.isHeld(at: bootTime()) else { return overslept }
            let result = AnswerRedaction(receiver.webhook).redacted(await transfers.perform(request.transfer))
            return judge.judge(result, of: claim, at: time.now)
        } catch {
            return Settlement(
                outcome: .notSent, consequence: .park(time.now + RetrySchedule.parkedDelay),
                receiverClosedUntil: nil, status: nil, detail: "\(error)", milliseconds: 0)
        }
    }
}

/// One attempt, for whoever started the pass.
package struct DeliveryReport: Hashable, Sendable {
    package let receiver: String
    package let messageID: String
    package let type: MessageType
    package let attempt: Int
    package let outcome: AttemptOutcome
    package let status: Int?
    package let detail: String

    init(receiver: String, messageID: String, claim: Claim, settlement: Settlement) {
        self.receiver = receiver
        self.messageID = messageID
        self.type = MessageType(claim.identity)
        self.attempt = claim.attempt
        self.outcome = settlement.outcome
        self.status = settlement.status
        self.detail = settlement.detail
    }
}
