import AllocatorBinding
import AsyncAlgorithms
import Certificates
import Configuration
import CurlBinding
import LedgerStorage
import Logging
import Scanning
import ServiceLifecycle
import UnixSignals

/// The daemon. It makes the same pass as `scan` on a schedule, and sends due deliveries between two passes.
package struct Daemon: Service {
    /// How often the daemon checks its schedule. Each check reads the wall clock, so that a suspended machine or a
    /// corrected clock delays a pass by no more than this.
    private static let tick = Duration.seconds(10)
    /// How long attempts may go on after the daemon was told to stop. Then they are cancelled and settled.
    private static let grace = Duration.seconds(5)

    private let loadSettings: @Sendable () throws -> Settings
    private let ledger: Ledger
    private let transfers: TransferLoop
    private let time: any TimeSource
    private let manager: ServiceManager
    private let logger: Logger
    private let orders: DaemonOrders
    private let report: @Sendable (DaemonEvent) -> Void
    private let waitForListener: @Sendable () async -> Void

    /// - Parameters:
    ///   - loadSettings: reads the configuration; it is called at the start and for each SIGHUP.
    ///   - ledger: the durable state.
    ///   - transfers: performs probes, fetches and deliveries.
    ///   - time: the clock.
    ///   - manager: is told when the daemon is ready, and how it is.
    ///   - logger: gets the events.
    ///   - orders: what the clients of the listener order.
    ///   - report: is told of passes, attempts and reloads, for metrics and health.
    ///   - waitForListener: returns once the listener accepts connections; only then is the daemon ready.
    package init(
        loadSettings: @escaping @Sendable () throws -> Settings, ledger: Ledger, transfers: TransferLoop,
        time: any TimeSource, manager: ServiceManager, logger: Logger,
        orders: DaemonOrders = DaemonOrders(),
        report: @escaping @Sendable (DaemonEvent) -> Void = { _ in },
        waitForListener: @escaping @Sendable () async -> Void = {}
    ) {
        self.orders = orders
        self.report = report
        self.waitForListener = waitForListener
        self.loadSettings = loadSettings
        self.ledger = ledger
        self.transfers = transfers
        self.time = time
        self.manager = manager
        self.logger = logger
    }

    /// Runs until a graceful shutdown. Then it begins no new step and settles the attempts in progress; an attempt that
    /// does not end within the grace period is settled with an unknown outcome.
    ///
    /// - Throws: what `loadSettings` throws at the start.
    package func run() async throws {
        let settings = try loadSettings()
        report(.configured(settings))
        await waitForListener()
        guard !Task.isCancelled else { return }
        let (events, inbox) = AsyncStream.makeStream(of: DaemonSchedule.Event.self)
        // Installed before we report to be ready, because an untrapped SIGHUP ends the process.
        let reloads = await UnixSignalsSequence(trapping: .sighup)
        let sources = counted(settings.sources.count, "source")
        manager.notify(.ready(status: "\(sources), \(counted(settings.endpoints.count, "endpoint"))"))
        logger.info(
            "started",
            metadata: ["sources": "\(settings.sources.count)", "endpoints": "\(settings.endpoints.count)"])
        let watch = EndpointWatch(settings: settings, ledger: ledger, transfers: transfers, time: time, logger: logger)
        let files = FileWatch(ledgerPath: settings.stateFile, logger: logger)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await watch.run() }
                group.addTask { await post(inbox, everyTickUntilShutdown: Self.tick) }
                group.addTask { await post(inbox, each: reloads) }
                group.addTask { await post(inbox, eachOf: orders) }
                group.addTask { await files.forEachChange { inbox.yield(.changed($0)) } }
                await follow(events, inbox: inbox, settings: settings, watch: watch, files: files, in: &group)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            inbox.yield(.shutdown)
        }
        manager.notify(.stopping)
        logger.info("stopped")
    }

    /// Handles the events in their order and runs one pass or delivery at a time.
    private func follow(
        _ events: AsyncStream<DaemonSchedule.Event>, inbox: AsyncStream<DaemonSchedule.Event>.Continuation,
        settings: Settings, watch: EndpointWatch, files: FileWatch, in group: inout DiscardingTaskGroup
    ) async {
        var settings = settings
        var failure: ReloadFailure?
        var schedule = DaemonSchedule(nextPass: time.now)
        for await event in events {
            switch schedule.react(to: event, at: time.now) {
            case .check: break
            case .wait: continue
            case .checkLater(let delay):
                group.addTask { await post(.rescan, to: inbox, after: .seconds(delay.seconds)) }
                continue
            case .beginGrace:
                // Cancelled when the work in progress ends first.
                group.addTask { await post(.graceIsOver, to: inbox, after: Self.grace) }
                continue
            case .end: return
            }
            let now = time.now
            guard !schedule.isBusy else {
                if !schedule.isHung(at: now) { manager.notify(.alive) }
                continue
            }
            manager.notify(.alive)
            if schedule.takeReload(at: now) {
                (settings, failure) = reloaded(settings, after: failure)
                watch.adopt(settings)
            }
            let work = schedule.begin(at: now, every: settings.interval)
            let pass = Pass(
                settings: settings, ledger: ledger, transfers: transfers, time: time,
                endpoints: settings.endpoints.filter { $0.interval == nil },
                configuration: failure == nil ? .current : .outdated)
            group.addTask { [failure, settings] in
                switch work {
                case .pass:
                    await files.watch(settings.sources)
                    await make(pass, after: failure)
                case .rescan(let sources):
                    await files.watch(settings.sources)
                    await deliver(by: pass, rescanning: sources, after: failure)
                case .delivery: await deliver(by: pass, rescanning: [], after: failure)
                }
                inbox.yield(.idle)
            }
        }
    }

    private func post(
        _ event: DaemonSchedule.Event, to inbox: AsyncStream<DaemonSchedule.Event>.Continuation, after delay: Duration
    ) async {
        try? await Task.sleep(for: delay)
        inbox.yield(event)
    }

    private func make(_ pass: Pass, after failure: ReloadFailure?) async {
        do {
            let summary = try await pass.run { !Task.isShuttingDownGracefully }
            report(.attempted(summary.deliveries))
            report(.passed)
            await ledger.releaseMemory()
            FreeMemory.release()
            if summary.ledger == .openedAnew { logReopening() }
            if let fact = summary.clock.fact {
                logger.warning("clock stepped", metadata: ["explanation": "\(fact.english)"])
            }
            logger.info("pass", metadata: summary.metadata)
            for failure in summary.notRepeated {
                logger.warning(
                    "open alerts not repeated",
                    metadata: ["receiver": "\(failure.receiver)", "detail": "\(failure.detail)"])
            }
            if let failure = summary.heartbeatFailure {
                logger.warning("heartbeat not taken", metadata: ["detail": "\(failure)"])
            }
            let counts = "\(counted(summary.noticeIDs.count, "notice")), \(summary.outbox.open) to deliver"
            let remark = failure.map { "; \($0.status)" } ?? ""
            manager.notify(.status("last pass \(summary.startedAt): \(counts)\(remark)"))
        } catch  where Task.isCancelled {
            logger.notice("pass cut short")
        } catch {
            logger.error("pass failed", metadata: ["error": "\(error)"])
            manager.notify(.status("pass failed: \(error)"))
        }
    }

    private func logReopening() {
        logger.warning("another ledger took the place of the one in use, and was opened")
    }

    /// Does what is due between two passes.
    private func deliver(by pass: Pass, rescanning changed: Set<FileSource>, after failure: ReloadFailure?) async {
        do {
            guard try ledger.reopenIfReplaced() == .unchanged else {
                logReopening()
                // A full pass at once, so that notices that are new to this ledger do not wait for an interval.
                return await make(pass, after: failure)
            }
            try await pass.adoptReceivers()
            guard changed.isEmpty else { return try await rescan(changed, by: pass) }
            guard let due = try await ledger.nextDeliveryDue(), due <= time.now else { return }
            report(.attempted(try await pass.deliver { !Task.isShuttingDownGracefully }))
        } catch  where Task.isCancelled {
            logger.notice("delivery cut short")
        } catch {
            logger.error("delivery failed", metadata: ["error": "\(error)"])
            manager.notify(.status("delivery failed: \(error)"))
        }
    }

    private func rescan(_ sources: Set<FileSource>, by pass: Pass) async throws {
        let summary = try await pass.rescan(sources) { !Task.isShuttingDownGracefully }
        report(.attempted(summary.deliveries))
        await ledger.releaseMemory()
        FreeMemory.release()
        logger.info("files changed", metadata: summary.metadata)
    }

    /// The new settings, or the old ones and the reason if the new ones are invalid: an error in a file must not stop
    /// the monitoring.
    private func reloaded(_ old: Settings, after last: ReloadFailure?) -> (Settings, ReloadFailure?) {
        manager.notify(.reloading)
        let waiting = orders.takeWaiting()
        do {
            let new = try loadSettings()
            manager.notify(.ready(status: "configuration read"))
            logger.info("configuration reloaded")
            report(.configured(new))
            for client in waiting { client.yield(.succeeded) }
            if new.listen != old.listen {
                logger.warning("`listen` has changed, which takes a restart; the old address stays")
            }
            if new.stateFile != old.stateFile {
                logger.warning("`state` has changed, which takes a restart; the old ledger stays")
            }
            return (new, nil)
        } catch {
            report(.notReloaded)
            for client in waiting { client.yield(.failed(reason: "\(error)")) }
            let failure = ReloadFailure(since: last?.since ?? time.now, reason: "\(error)")
            manager.notify(.ready(status: failure.status))
            logger.error("configuration not reloaded, the old one stays", metadata: ["error": "\(error)"])
            return (old, failure)
        }
    }

    private func post(
        _ inbox: AsyncStream<DaemonSchedule.Event>.Continuation, everyTickUntilShutdown tick: Duration
    ) async {
        inbox.yield(.tick)
        let interval = min(tick, manager.watchdogInterval ?? tick)
        for await _ in AsyncTimerSequence(interval: interval, clock: .continuous).cancelOnGracefulShutdown() {
            inbox.yield(.tick)
        }
    }

    private func post(_ inbox: AsyncStream<DaemonSchedule.Event>.Continuation, each reloads: UnixSignalsSequence) async
    {
        for await _ in reloads.cancelOnGracefulShutdown() {
            inbox.yield(.reload)
        }
    }

    private func post(_ inbox: AsyncStream<DaemonSchedule.Event>.Continuation, eachOf orders: DaemonOrders) async {
        for await order in orders.orders.cancelOnGracefulShutdown() {
            switch order {
            case .reload: inbox.yield(.reload)
            case .pass: inbox.yield(.passOrdered)
            }
        }
    }
}

extension PassSummary {
    fileprivate var metadata: Logger.Metadata {
        [
            "notices": "\(noticeIDs.count)", "attempts": "\(deliveries.count)",
            "delivered": "\(deliveries.count { $0.outcome == .delivered })", "open": "\(outbox.open)",
            "parked": "\(outbox.parked)", "probes": "\(probes.count)",
            "failing_endpoints": "\(probes.count { !$0.verdict.isGood })",
        ]
    }
}
