import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport

/// A ledger with one registered directory, a clock, and functions that observe and send.
final class LedgerWorld: Sendable {
    let directory: TemporaryDirectory
    let engine: any LedgerEngine
    /// The work of the ledger's database.
    let work = DatabaseWork()
    let ledger: Ledger
    let time = ManualTime(Instant(seconds: 1_800_000_000))
    let plan: WatchPlan
    let source = SourceKey(kind: .file, registration: "fleet", place: "/pki")

    init(
        receivers: [String] = ["ops"], thresholds: [Threshold] = Registration.defaultThresholds,
        others: [Registration] = [], issuer: String? = nil, reminders: ReminderSchedule? = nil, route: Route? = nil,
        observed: ObservedPlan? = nil
    ) async throws {
        directory = try TemporaryDirectory()
        engine = try SQLiteEngine(path: directory.path(of: "ledger.db"), counting: work)
        ledger = Ledger(engine: engine)
        var plan = WatchPlan(
            registrations: [
                Registration(
                    name: "fleet", role: .client, issuer: issuer, thresholds: thresholds, reminders: reminders)
            ]
                + others,
            route: route ?? Route(receivers: receivers))
        plan.observed = observed
        self.plan = plan
        try await ledger.reconcileReceivers(receivers.map { ($0, [0]) }, plan: plan, at: time.now)
    }

    /// Changes the receivers and the routes. Without `route` every receiver gets every notice.
    func reconcile(_ receivers: [(String, [UInt8])], route: Route? = nil) async throws {
        let route = route ?? Route(receivers: receivers.map(\.0))
        try await ledger.reconcileReceivers(
            receivers, plan: WatchPlan(registrations: plan.registrations, route: route), at: time.now)
    }

    /// Observes files with one certificate each (or several, or none), as one pass.
    @discardableResult
    func see(_ files: [String: [Certificate]], gone: [String] = [], in source: SourceKey? = nil) async throws
        -> [NoticeFacts]
    {
        let source = source ?? self.source
        var changes = files.sorted { $0.key < $1.key }.map { name, certificates in
            PathChange.read(
                FilePath(name), changeKey: [1], sightings: certificates.map { .read($0) }, defects: [])
        }
        changes += gone.map { .gone(FilePath($0)) }
        return try await pass(changes, source)
    }

    /// One pass over `source` with these changes.
    @discardableResult
    func pass(_ changes: [PathChange] = [], _ source: SourceKey? = nil, outcome: SourceOutcome = .seen) async throws
        -> [NoticeFacts]
    {
        let source = source ?? self.source
        let run = try await ledger.beginRun(at: time.now)
        var ids = try await ledger.record(changes, of: source, plan: plan, at: time.now)
        ids += try await ledger.finish(source, outcome: outcome, plan: plan, at: time.now)
        ids += try await ledger.decideDue(plan: plan, at: time.now)
        try await ledger.finishRun(run, at: time.now)
        return try await ledger.notices(ids, at: time.now)
    }

    func certificate(_ seed: UInt32, daysLeft: Int64, names: String? = nil, key: String? = nil) -> Certificate {
        .sample(seed, notAfter: time.now + .days(daysLeft), names: names, key: key)
    }

    func claim(
        for receiver: String = "ops", bootSeconds: Int64 = 0, batching: Batching? = nil, holdsUnknown: Bool = false,
        unprobed: Set<String> = []
    ) async throws -> Claim? {
        var terms = ClaimTerms(lease: TimeSpan(seconds: 60), batching: batching, holdsUnknown: holdsUnknown)
        terms.unprobedEndpoints = unprobed
        return try await ledger.claim(
            for: receiver, at: time.now, boot: BootTime(bootID: "boot", seconds: bootSeconds), terms: terms, plan: plan,
            render: Self.frozen)
    }

    /// One line for each notice.
    static func frozen(_ content: MessageContent) -> FrozenMessage {
        let lines = content.notices.map { "\($0.identity.kind.rawValue) \($0.identity.stage)" }
        let identifier =
            content.notices.map(\.identity.subject.text).joined(separator: "+") + (content.isMinimal ? "m" : "")
        return FrozenMessage(
            identifier: identifier, isMinimal: content.isMinimal, body: Array(lines.joined(separator: "\n").utf8))
    }

    /// Claims and settles all due deliveries, and returns what was sent.
    @discardableResult
    func deliver(
        to receiver: String = "ops", as outcome: AttemptOutcome = .delivered,
        then consequence: Settlement.Consequence? = nil, evidence: ReceiverEvidence? = nil
    ) async throws -> [String] {
        var sent: [String] = []
        while let claim = try await claim(for: receiver) {
            sent.append(String(decoding: claim.body, as: UTF8.self))
            let retry = consequence ?? (outcome == .delivered ? .delivered : .retry(time.now + TimeSpan(seconds: 5)))
            try await ledger.settle(claim, with: settlement(outcome, retry, evidence), at: time.now)
        }
        return sent
    }

    /// Without `evidence` a failure concerns one message.
    func settlement(
        _ outcome: AttemptOutcome, _ consequence: Settlement.Consequence, _ evidence: ReceiverEvidence? = nil
    ) -> Settlement {
        Settlement(
            outcome: outcome, consequence: consequence, evidence: evidence ?? usualEvidence(of: outcome), status: nil,
            detail: outcome.rawValue, milliseconds: 1)
    }

    private func usualEvidence(of outcome: AttemptOutcome) -> ReceiverEvidence {
        switch outcome {
        case .delivered, .rejected: .answered
        case .notSent, .unknown: .messageFailed
        }
    }
}

extension NoticeFacts {
    /// `expiring 30d`, `renewed`.
    var summary: String {
        [identity.kind.rawValue, identity.kind == .expiring ? stage?.description : nil].compactMap(\.self)
            .joined(separator: " ")
    }
}
