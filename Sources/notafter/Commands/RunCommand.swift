import ArgumentParser
import Certificates
import Configuration
import CurlBinding
import LedgerStorage
import Logging
import Metrics
import Monitor
import ServiceLifecycle
import StatusServer

/// `notafter run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Stay as a daemon: a pass every `interval`, deliveries when they are due.",
        discussion: """
            SIGHUP reads the configuration anew; one with errors is reported and the old one stays. SIGTERM and SIGINT \
            end it: what is being sent is settled first. Under systemd use Type=notify. With `listen` in the \
            configuration it serves metrics, its health, an API and a calendar over HTTP.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try files.requireOwnLedger(for: times, command: "run")
    }

    func run() async throws {
        let settings = try files.settings()
        let transfers = try TransferLoop()
        let ledger = try await HeartbeatReporter(of: settings, transfers: transfers, time: times.time)
            .watching { try files.ledger(of: settings) }
        let level: Logger.Level = output.quiet ? .warning : .info
        var logger = Logger(label: "notafter") { _ in JournalLogHandler() }
        logger.logLevel = level
        let orders = DaemonOrders()
        let listener = try await listener(settings, ledger: ledger, orders: orders, logger: logger)
        let daemon = Daemon(
            loadSettings: { [files] in try files.settings() }, ledger: ledger, transfers: transfers,
            time: times.time, manager: ServiceManager(), logger: logger, orders: orders,
            report: { listener?.state.note($0, at: times.time.now) },
            waitForListener: { _ = await listener?.server.waitUntilListening() })
        let service = ServiceGroupConfiguration.ServiceConfiguration(
            service: daemon, successTerminationBehavior: .gracefullyShutdownGroup)
        let group = ServiceGroup(
            configuration: .init(
                services: [listener.map { .init(service: $0.server) }, service].compactMap(\.self),
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    /// What serves, if the configuration has `listen`. Without it nothing is started.
    private func listener(
        _ settings: Settings, ledger: Ledger, orders: DaemonOrders, logger: Logger
    ) async throws -> (server: StatusServer, state: DaemonState)? {
        guard let listen = settings.listen else { return nil }
        let state = DaemonState(
            settings: settings, at: times.time.now,
            counters: ActivityCounters(after: try await ledger.snapshot { try $0.latestNotice() }))
        let server = try StatusServer(
            listen, state: state, ledger: ledger, time: times.time,
            content: PrintedContent(
                state: state, ledger: ledger, ledgerPath: files.state ?? settings.stateFile, time: times.time,
                orders: orders, verifier: try ForwardedVerifier(ledger: ledger)),
            version: Notafter.configuration.version, logger: logger)
        return (server, state)
    }
}

extension DaemonState {
    fileprivate func note(_ event: DaemonEvent, at now: Instant) {
        switch event {
        case .configured(let settings): noteConfiguration(settings, at: now)
        case .notReloaded: noteFailedReload()
        case .passed: notePass(finishedAt: now)
        case .attempted(let reports): noteAttempts(reports)
        }
    }
}
