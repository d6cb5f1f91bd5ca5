import ArgumentParser
import Certificates
import Configuration
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Metrics
import Monitor
import Probing

/// `notafter scan`
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Make one pass: scan, record, deliver, probe. For cron and timers; prints nothing when all is well.",
        discussion: """
            Exit status: 0 all that was due is delivered; 1 some delivery is still open; 2 a receiver refuses messages, \
            is gone or has accepted nothing for a day, or a delivery expired undelivered; 3 the ledger cannot be used; 4 the configuration has errors.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            "Write metrics to this file, for node_exporter's textfile collector.", valueName: "file.prom"))
    var textfile: String?

    func validate() throws {
        try files.requireOwnLedger(for: times, command: "scan")
        guard textfile?.hasSuffix(".prom") != false else {
            throw ValidationError(
                "node_exporter reads only files whose names end with .prom: give --textfile such a name")
        }
    }

    func run() async throws {
        let settings = try files.settings()
        let transfers = try TransferLoop()
        let ledger = try await HeartbeatReporter(of: settings, transfers: transfers, time: times.time)
            .watching { try files.ledger(of: settings) }
        let summary = try await output.progress.during { progress in
            let pass = Pass(
                settings: settings, ledger: ledger, transfers: transfers, time: times.time, progress: progress,
                pause: announcedPause)
            return try await pass.run(deliveringFor: settings.deliverFor)
        }
        try await show(summary, ledger, settings)
        if let textfile {
            let metrics = LedgerMetrics(
                LedgerMetrics.Settings(
                    mostObjects: settings.certificateSeries, version: Notafter.configuration.version),
                plan: settings.plan, at: times.time.now)
            try MetricsFile(path: textfile).write(await metrics.families(of: ledger))
        }
        if summary.outbox.exitStatus != .ok { throw summary.outbox.exitStatus }
    }

    /// At a terminal, the pause prints why nothing happens.
    private var announcedPause: @Sendable (TimeSpan) async -> Void {
        guard output.terminal.isInteractive, !output.quiet else { return Pause.wait }
        return { span in
            StandardError.print(
                "notafter: a receiver did not take a message; tries again in \(span.seconds) s (`deliver_for: 0` for not at all)"
            )
            await Pause.wait(span)
        }
    }

    /// The report contains every certificate, so it is made only if it is printed.
    private func show(_ summary: PassSummary, _ ledger: Ledger, _ settings: Settings) async throws {
        let terminal = output.terminal
        if output.json || (terminal.isInteractive && !output.quiet) {
            let report = try await ScanReport(of: summary, ledger: ledger, settings: settings, at: times.time.now)
            if output.json { return print(try JSONText.indented(report)) }
            report.show(on: terminal)
        }
        let troubles = try await ScanTroubles(
            of: summary, ledger: ledger, at: files.state ?? settings.stateFile, settings: settings)
        for line in try await output.quiet ? troubles.news(in: ledger) : troubles.lines {
            StandardError.print("notafter: \(line)")
        }
    }
}

extension OutboxState {
    fileprivate var exitStatus: ExitStatus {
        if needsAction { return .undelivered }
        return open > 0 ? .failure : .ok
    }
}
