import ArgumentParser
import CurlBinding
import Logging
import Monitor
import ServiceLifecycle

/// `notafter run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Stay as a daemon: a pass every `interval`, deliveries when they are due.",
        discussion: """
            SIGHUP reads the configuration anew; one with errors is reported and the old one stays. SIGTERM and SIGINT \
            end it: what is being sent is settled first. Under systemd use Type=notify.
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
        let daemon = Daemon(
            loadSettings: { [files] in try files.settings() }, ledger: ledger, transfers: transfers,
            time: times.time, manager: ServiceManager(), logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: daemon, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
