import AsyncAlgorithms
import Certificates
import Configuration
import CurlBinding
import LedgerStorage
import Logging
import ServiceLifecycle
import UnixSignals

/// The daemon: the same pass as `scan`, on a schedule; between two passes it sends what has become due.
package struct Daemon: Service {
    /// How often the schedule is looked at. The wall clock is compared anew each time, so that a suspended machine or a
    /// corrected clock delays a pass by no more than this.
    private static let tick = Duration.seconds(10)
    /// A pass that takes longer hangs; then the watchdog is pinged no more, and systemd starts the daemon anew.
    private static let longestPass = TimeSpan.hours(1)

    private let loadSettings: @Sendable () throws -> Settings
    private let ledger: Ledger
    private let transfers: TransferLoop
    private let time: any TimeSource
    private let manager: ServiceManager
    private let logger: Logger

    /// `loadSettings` reads the configuration; it is called at the start and for each SIGHUP.
    package init(
        loadSettings: @escaping @Sendable () throws -> Settings, ledger: Ledger, transfers: TransferLoop,
        time: any TimeSource, manager: ServiceManager, logger: Logger
    ) {
        self.loadSettings = loadSettings
        self.ledger = ledger
        self.transfers = transfers
        self.time = time
        self.manager = manager
        self.logger = logger
    }

    private enum Event: Sendable {
        case tick
        case reload
        /// What was running is over: a pass, or a delivery between two of them.
        case idle(status: String?)
    }

    /// Runs until it is shut down gracefully: then no new step is begun, and what is being sent is settled.
    ///
    /// - Throws: what `loadSettings` throws at the start.
    package func run() async throws {
        let settings = try loadSettings()
        let (events, inbox) = AsyncStream.makeStream(of: Event.self)
        manager.notify(.ready(status: "\(settings.sources.count) sources, \(settings.endpoints.count) endpoints"))
        logger.info(
            "started",
            metadata: ["sources": "\(settings.sources.count)", "endpoints": "\(settings.endpoints.count)"])
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await tell(inbox, everyTickUntilShutdown: Self.tick) }
                group.addTask { await tellReloads(inbox) }
                await follow(events, inbox: inbox, settings: settings, in: &group)
            }
        } onGracefulShutdown: {
            inbox.finish()
        }
        manager.notify(.stopping)
        logger.info("stopped")
    }

    /// The schedule: one thing at a time, in the order of events.
    private func follow(
        _ events: AsyncStream<Event>, inbox: AsyncStream<Event>.Continuation, settings: Settings,
        in group: inout DiscardingTaskGroup
    ) async {
        var settings = settings
        var nextPass = time.now
        var busySince: Instant?
        var reloadIsPending = false
        for await event in events {
            switch event {
            case .tick: break
            case .reload: reloadIsPending = true
            case .idle(let status):
                busySince = nil
                if let status { manager.notify(.status(status)) }
            }
            let now = time.now
            if let busySince {
                if now - busySince < Self.longestPass { manager.notify(.alive) }
                continue
            }
            manager.notify(.alive)
            if reloadIsPending {
                reloadIsPending = false
                settings = reloaded(settings)
                nextPass = now
            }
            busySince = now
            let pass = Pass(settings: settings, ledger: ledger, transfers: transfers, time: time)
            if now >= nextPass {
                nextPass = now + settings.interval
                group.addTask { inbox.yield(.idle(status: await make(pass))) }
            } else {
                group.addTask { inbox.yield(.idle(status: await deliver(by: pass))) }
            }
        }
    }

    private func make(_ pass: Pass) async -> String? {
        do {
            let summary = try await pass.run { !Task.isShuttingDownGracefully }
            logger.info("pass", metadata: summary.metadata)
            return
                "last pass \(summary.startedAt): \(summary.noticeIDs.count) notices, \(summary.outbox.open) to deliver"
        } catch {
            logger.error("pass failed", metadata: ["error": "\(error)"])
            return "pass failed: \(error)"
        }
    }

    private func deliver(by pass: Pass) async -> String? {
        do {
            if let due = try await ledger.nextDeliveryDue(), due <= time.now {
                try await pass.deliver { !Task.isShuttingDownGracefully }
            }
            return nil
        } catch {
            logger.error("delivery failed", metadata: ["error": "\(error)"])
            return "delivery failed: \(error)"
        }
    }

    /// The new settings, or, when they are wrong, the old ones: an error in a file must not blind the daemon.
    private func reloaded(_ old: Settings) -> Settings {
        manager.notify(.reloading)
        defer { manager.notify(.ready(status: "configuration read")) }
        do {
            let new = try loadSettings()
            logger.info("configuration reloaded")
            return new
        } catch {
            logger.error("configuration not reloaded, the old one stays", metadata: ["error": "\(error)"])
            return old
        }
    }

    private func tell(
        _ inbox: AsyncStream<Event>.Continuation, everyTickUntilShutdown tick: Duration
    ) async {
        inbox.yield(.tick)
        let interval = min(tick, manager.watchdogInterval ?? tick)
        for await _ in AsyncTimerSequence(interval: interval, clock: .continuous).cancelOnGracefulShutdown() {
            inbox.yield(.tick)
        }
    }

    private func tellReloads(_ inbox: AsyncStream<Event>.Continuation) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            inbox.yield(.reload)
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
