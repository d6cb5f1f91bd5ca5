import ArgumentParser
import Certificates
import Configuration
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Monitor
import Probing

/// `notafter scan`
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Make one pass: scan, record, deliver, probe. For cron and timers; silent when all is well.",
        discussion: """
            Exit status: 0 all that was due is delivered; 1 some delivery is still open; 2 a receiver refuses messages or \
            is gone, or a delivery expired undelivered; 3 the ledger cannot be used; 4 the configuration has errors.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try files.settings()
        let ledger = try files.ledger(of: settings)
        let pass = Pass(settings: settings, ledger: ledger, transfers: try TransferLoop(), time: times.time)
        let summary = try await pass.run()
        let report = try await ScanReport(of: summary, ledger: ledger, settings: settings, at: times.time.now)
        if output.json {
            print(try JSONText.indented(report))
        } else {
            report.show(on: output.terminal, quietly: output.quiet)
        }
        if summary.outbox.exitStatus != .ok { throw summary.outbox.exitStatus }
    }
}

extension OutboxState {
    fileprivate var exitStatus: ExitStatus {
        if parked > 0 || expired > 0 || !disabledReceivers.isEmpty { return .undelivered }
        return open > 0 ? .failure : .ok
    }
}
