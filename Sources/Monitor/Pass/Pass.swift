import Certificates
import Configuration
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Probing
import Scanning
import SourceReading

/// The main flow: one pass over everything that is registered. `scan` and the daemon make the same pass.
///
/// Each source is observed, the rules decide, and the ledger records observation, decision and deliveries in one
/// transaction. Then the outbox is drained. Endpoints are one more kind of source.
package struct Pass: Sendable {
    /// An upper bound, because the pause before a pass after a long outage does not predict the next pause.
    private static let longestPeriod = TimeSpan.days(7)

    private let settings: Settings
    private let ledger: Ledger
    private let prober: Prober
    private let observer: SourceObserver
    private let verifier: Verifier
    private let delivery: DeliveryLoop
    private let plan: WatchPlan
    private let time: any TimeSource
    private let endpoints: [Endpoint]
    private let heartbeat: HeartbeatReporter
    private let configuration: ConfigurationCurrency
    private let progress: WorkProgress

    /// - Parameters:
    ///   - settings: the sources, endpoints and receivers.
    ///   - ledger: the durable state.
    ///   - transfers: performs probes, fetches and deliveries.
    ///   - time: the clock.
    ///   - endpoints: the endpoints that the pass probes; nil for all of the settings.
    ///   - configuration: whether the last reload succeeded.
    ///   - progress: counts the work of the pass.
    ///   - pause: waits for the retry of a delivery.
    package init(
        settings: Settings, ledger: Ledger, transfers: TransferLoop, time: any TimeSource,
        endpoints: [Endpoint]? = nil, configuration: ConfigurationCurrency = .current,
        progress: WorkProgress = WorkProgress(),
        pause: @escaping @Sendable (TimeSpan) async -> Void = Pause.wait
    ) {
        self.configuration = configuration
        self.progress = progress
        self.endpoints = endpoints ?? settings.endpoints
        self.settings = settings
        self.ledger = ledger
        self.time = time
        self.plan = settings.plan
        self.prober = Prober(loop: transfers)
        self.heartbeat = HeartbeatReporter(of: settings, transfers: transfers, time: time)
        self.observer = SourceObserver(
            ledger: ledger, plan: plan, time: time, fileClock: { SystemTime().now }, transfers: transfers,
            noteFiles: { progress.advance(by: $0) })
        self.verifier = Verifier(
            ledger: ledger, plan: plan, expectations: settings.expectations, time: time, progress: progress)
        var delivery = DeliveryLoop(
            ledger: ledger, transfers: transfers, receivers: settings.receivers, plan: plan, time: time,
            bootTime: { BootTime.current }, period: settings.interval, pause: pause)
        delivery.noteAttempts = { progress.advance(by: $0) }
        self.delivery = delivery
    }

    /// Makes the pass and reports its outcome to the heartbeat.
    ///
    /// - Parameters:
    ///   - budget: how long the pass waits at its end for retries. The daemon does not wait, since it retries between
    ///     two passes.
    ///   - shouldGoOn: asked between two steps. A pass that is cut short loses nothing.
    /// - Returns: what was decided, sent and probed.
    /// - Throws: `LedgerError` when the ledger cannot be used. Failures of a file, an endpoint or a receiver are part
    ///   of the summary.
    package func run(
        deliveringFor budget: TimeSpan = .hours(0), while shouldGoOn: @escaping @Sendable () -> Bool = { true }
    ) async throws -> PassSummary {
        var summary = try await heartbeat.watching { try await make(deliveringFor: budget, while: shouldGoOn) }
        if let health = summary.health { summary.heartbeatFailure = await heartbeat.beat(health) }
        return summary
    }

    private func make(
        deliveringFor budget: TimeSpan, while shouldGoOn: @escaping @Sendable () -> Bool
    ) async throws -> PassSummary {
        let startedAt = time.now
        var summary = PassSummary(startedAt: startedAt)
        summary.ledger = try ledger.reopenIfReplaced()
        let period = try await periodUntilNextPass(from: startedAt)
        let run = try await ledger.beginRun(at: startedAt)
        try await ledger.reconcile(sources: settings.sourceKeys, plan: plan, at: startedAt)
        try await delivery.reconcile()
        if !time.isRehearsal {
            let observed = try await ledger.observeClock(at: time.now, boot: BootTime.current, plan: plan)
            summary.clock = observed.step
            summary.noticeIDs += observed.noticeIDs
        }

        try await scan(settings.sources, into: &summary, while: shouldGoOn)
        try await ledger.reviewSilences(plan: plan, at: time.now)
        summary.deliveries += try await drain(withholding: Set(settings.endpoints.map(\.name)), while: shouldGoOn)

        try await fetchSources(into: &summary, while: shouldGoOn)
        try await probeEndpoints(into: &summary, while: shouldGoOn)
        if shouldGoOn() { summary.noticeIDs += try await ledger.decideSummary(plan: plan, at: time.now) }
        summary.noticeIDs += try await reviewNetwork(summary)
        summary.deliveries += try await drain(
            withholding: unprobed(while: shouldGoOn), spending: budget, while: shouldGoOn)
        let afterwards = try await reviewNetwork(summary)
        if !afterwards.isEmpty {
            summary.noticeIDs += afterwards
            summary.deliveries += try await drain(withholding: unprobed(while: shouldGoOn), while: shouldGoOn)
        }
        if shouldGoOn() { summary.notRepeated = try await delivery.repeatStanding(period: period) }

        summary.outbox = try await ledger.outboxState(expiredSince: startedAt)
        if shouldGoOn() {
            let health = try await health(summary)
            try await ledger.finishRun(run, as: health.outcome, at: time.now)
            summary.health = health
        }
        return summary
    }

    private func health(_ summary: PassSummary) async throws -> PassHealth {
        let keys = settings.sourceKeys.filter { $0.kind != .endpoint }
        let places = Set(keys.map { [$0.registration, $0.place] })
        let unread = try await ledger.openFindings().count { finding in
            finding.code == .lostFromSight && places.contains([finding.registration, finding.place])
        }
        return PassHealth(
            sources: keys.count, unreadSources: unread, probes: summary.probes.count, outbox: summary.outbox,
            configuration: configuration)
    }

    /// The configured interval, or the time since the last pass if that is longer: cron may run `scan` more rarely than
    /// `interval`.
    private func periodUntilNextPass(from now: Instant) async throws -> TimeSpan {
        guard let last = try await ledger.lastPass() else { return settings.interval }
        return max(settings.interval, min(now - last, Self.longestPeriod))
    }

    /// Makes the deliveries to a receiver due whose settings or secrets have changed. The daemon calls it between two
    /// passes, so that a new secret takes effect at once.
    package func adoptReceivers() async throws {
        try await delivery.reconcile()
    }

    /// Sends due deliveries between two passes of the daemon. It probes only the endpoints that have due deliveries.
    ///
    /// - Returns: the attempts.
    package func deliver(while shouldGoOn: @escaping @Sendable () -> Bool) async throws -> [DeliveryReport] {
        try await drain(withholding: unprobed(while: shouldGoOn), while: shouldGoOn)
    }

    /// Scans sources whose files have changed, and sends what that decides. The daemon calls it between two passes, so
    /// that a renewal is seen within seconds.
    ///
    /// - Parameters:
    ///   - sources: the sources; those that are no longer in the settings are left out.
    ///   - shouldGoOn: asked between two steps.
    /// - Returns: what was decided and sent.
    /// - Throws: `LedgerError` when the ledger cannot be used.
    package func rescan(
        _ sources: Set<FileSource>, while shouldGoOn: @escaping @Sendable () -> Bool
    ) async throws -> PassSummary {
        var summary = PassSummary(startedAt: time.now)
        try await scan(settings.sources.filter(sources.contains), into: &summary, while: shouldGoOn)
        try await ledger.reviewSilences(plan: plan, at: time.now)
        summary.deliveries = try await deliver(while: shouldGoOn)
        summary.outbox = try await ledger.outboxState(expiredSince: summary.startedAt)
        return summary
    }

    private func scan(
        _ sources: [FileSource], into summary: inout PassSummary, while shouldGoOn: @Sendable () -> Bool
    ) async throws {
        progress.begin(.reading)
        var unfinished: [FinishedSource] = []
        for source in sources where shouldGoOn() {
            let observed = try await observer.observe(source)
            summary.noticeIDs += observed.noticeIDs
            unfinished += [observed.unfinished].compactMap(\.self)
        }
        summary.noticeIDs += try await ledger.finish(unfinished, plan: plan, at: time.now)
        summary.noticeIDs += try await ledger.endUnused(plan: plan, at: time.now)
        summary.noticeIDs += try await verifier.verify(while: shouldGoOn)
        summary.noticeIDs += try await ledger.decideDue(plan: plan, at: time.now)
    }

    /// Fetches all commands and URLs concurrently, so the total is the time of the slowest one.
    private func fetchSources(into summary: inout PassSummary, while shouldGoOn: @Sendable () -> Bool) async throws {
        guard shouldGoOn() else { return }
        progress.begin(.fetching)
        progress.expect(settings.fetchedSources.count)
        summary.noticeIDs += try await withThrowingTaskGroup(of: [Int64].self) { group in
            for source in settings.fetchedSources { group.addTask { try await observeAndFinish(source) } }
            return try await group.reduce(into: []) { noticeIDs, decided in
                progress.advance()
                noticeIDs += decided
            }
        }
        guard !settings.fetchedSources.isEmpty else { return }
        summary.noticeIDs += try await verifier.verify(while: shouldGoOn)
    }

    private func observeAndFinish(_ source: any FetchedSource) async throws -> [Int64] {
        let observed = try await observer.observe(source)
        return try await observed.noticeIDs
            + ledger.finish([observed.unfinished].compactMap(\.self), plan: plan, at: time.now)
    }

    private func probeEndpoints(
        into summary: inout PassSummary, while shouldGoOn: @Sendable () -> Bool
    ) async throws {
        guard shouldGoOn(), !endpoints.isEmpty else { return }
        progress.begin(.probing)
        progress.expect(endpoints.count)
        summary.probes = await prober.probe(endpoints, at: time.now) { progress.advance() }
        summary.noticeIDs += try await EndpointObserver(ledger: ledger, plan: plan, time: time).observe(
            summary.probes)
    }
}

extension Pass {
    /// A probe that is no older than this counts as current.
    private static let freshness = TimeSpan(seconds: 60)

    private func drain(
        withholding endpoints: Set<String>, spending budget: TimeSpan = .hours(0),
        while shouldGoOn: @escaping @Sendable () -> Bool
    ) async throws -> [DeliveryReport] {
        var delivery = delivery
        delivery.unprobedEndpoints = endpoints
        progress.begin(.sending)
        return try await delivery.drain(spending: budget, while: shouldGoOn)
    }

    /// Probes the endpoints that have due deliveries and no current probe.
    ///
    /// - Returns: the endpoints whose notices are withheld: all of them while this machine is cut off.
    private func unprobed(while shouldGoOn: @Sendable () -> Bool) async throws -> Set<String> {
        let all = Set(settings.endpoints.map(\.name))
        let now = time.now
        let isCutOff = try await ledger.isCutOff(
            unreached: EndpointObserver.verdictsOfNoContact, plan: plan, at: now)
        guard !isCutOff, shouldGoOn() else { return all }
        let names = try await ledger.endpointsWithNews(probedBefore: now - Self.freshness, at: now)
        let stale = settings.endpoints.filter { names.contains($0.name) }
        guard !stale.isEmpty else { return [] }
        let reports = await prober.probe(stale, at: now)
        _ = try await EndpointObserver(ledger: ledger, plan: plan, time: time).observe(reports)
        return []
    }

    private func reviewNetwork(_ summary: PassSummary) async throws -> [Int64] {
        try await ledger.reviewNetwork(
            summary.deliveries.contact, unreached: EndpointObserver.verdictsOfNoContact, plan: plan, at: time.now)
    }
}

extension [DeliveryReport] {
    /// Whether any receiver answered, even with a refusal.
    fileprivate var contact: ReceiverContact {
        guard !isEmpty else { return .untried }
        let wasReached = contains { report in
            switch report.outcome {
            case .delivered, .rejected: true
            case .notSent, .unknown: report.status != nil
            }
        }
        return wasReached ? .reached : .unreached
    }
}

/// The result of a pass.
package struct PassSummary: Sendable {
    package let startedAt: Instant
    /// Whether the ledger's file had been replaced before the pass began.
    package fileprivate(set) var ledger = LedgerPlace.unchanged
    /// Whether the machine's clock was stepped since the last pass.
    package fileprivate(set) var clock = ClockStep.steady
    /// The notices that were decided.
    package fileprivate(set) var noticeIDs: [Int64] = []
    package fileprivate(set) var deliveries: [DeliveryReport] = []
    /// The receivers to which open notices could not be sent again.
    package fileprivate(set) var notRepeated: [StandingFailure] = []
    package fileprivate(set) var probes: [ProbeReport] = []
    /// The state of the outbox at the end.
    package fileprivate(set) var outbox = OutboxState.empty
    /// nil for a pass that was cut short.
    fileprivate(set) var health: PassHealth?
    /// Why the heartbeat was not accepted; nil when it was, or when there is no heartbeat.
    package fileprivate(set) var heartbeatFailure: String?

    init(startedAt: Instant) {
        self.startedAt = startedAt
    }
}
