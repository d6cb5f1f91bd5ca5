import ArgumentParser
import Certificates
import ExpiryRules
import LedgerStorage
import Monitor
import Synchronization

/// `notafter list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what is watched, as the last pass saw it; the most urgent last.")

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try files.settings()
        let plan = settings.plan
        let ledger = try files.ledgerToRead(of: settings)
        let now = times.time.now
        var listing = try await CertificateListing(of: ledger, plan: plan, at: now)
        listing.silences = try await ledger.silences().filter { $0.silence.isActive(at: now) }
            .map { SilenceObject($0, at: now) }
        if output.json {
            print(try JSONText.indented(listing))
            return
        }
        for line in listing.lines(on: output.terminal) + [listing.summary.text] { print(line) }
    }
}

extension CertificateListing {
    /// What the ledger knows.
    init(of ledger: Ledger, plan: WatchPlan, at now: Instant) async throws {
        let items = Mutex<[WatchedStatus]>([])
        try await ledger.forEachWatched { watched in
            let registration = plan.registration(named: watched.registration)
            let status = WatchedStatus(
                watched.object, at: watched.location, registration: registration, by: .registration(registration),
                authority: watched.earlyEnd, revocationList: watched.revocationList, absentSince: watched.absentSince,
                now: now)
            items.withLock { $0.append(status) }
        }
        let defects = try await ledger.defects().map { DefectObject(path: $0.path, $0.defect) }
        let findings = try await ledger.openFindings().map(StandingFinding.init)
        self.init(items.withLock(\.self), defects: defects, findings: findings)
    }
}
