import ArgumentParser
import Certificates
import ExpiryRules
import LedgerStorage
import Monitor
import Synchronization
import Verification

/// `notafter list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what is watched, as the last pass saw it; the most urgent last.",
        discussion: """
            What could not be read is always shown, unless its registration has another owner, label or role.

            Examples:
              notafter list --within 30d
              notafter list --state critical --state expired --owner 'device-*'
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration. (default: ./notafter.yaml, else \(ConfigurationOptions.defaultPath))", valueName: "FILE"
        ))
    var config: String?

    @Option(
        name: [.long, .customLong("ledger")],
        help: ArgumentHelp(
            "The ledger, instead of the configuration's `state`; or a state, as --in-state has it.",
            valueName: "FILE|STATE"))
    var state: [String] = []

    @OptionGroup(title: "Selecting") var selection: FilterOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try StateArguments(state)
    }

    func run() async throws {
        let arguments = try StateArguments(state)
        let files = ConfigurationOptions(config: config, state: arguments.ledger)
        let settings = try files.settings()
        let plan = settings.plan
        let ledger = try files.ledgerToRead(of: settings)
        let now = times.time.now
        let filter = try selection.filter(states: arguments.states, at: now, among: plan.registrations)
        var listing = try await CertificateListing(
            of: ledger, plan: plan, at: now, filter: filter, sortedBy: selection.sort)
        listing.silences = try await ledger.silences().filter { $0.silence.isActive(at: now) }
            .map { SilenceObject($0, at: now) }
        if output.json {
            print(try JSONText.indented(listing))
            return
        }
        let terminal = output.terminal
        terminal.show(listing.lines(on: terminal) + [listing.summary.text])
    }
}

extension CertificateListing {
    /// Reads the listing from the ledger.
    init(
        of ledger: Ledger, plan: WatchPlan, at now: Instant, filter: CertificateFilter = CertificateFilter(),
        sortedBy order: ListingOrder = .expiry
    ) async throws {
        let watched = Mutex<[WatchedItem]>([])
        try await ledger.forEachWatched { item in watched.withLock { $0.append(item) } }
        let items = watched.withLock(\.self)
        var standings: [Fingerprint: ObjectStanding] = [:]
        for item in items where item.isNeeded {
            standings[item.object.fingerprint, default: ObjectStanding()].add(
                watcher: item.registration, authority: item.earlyEnd, revocationList: item.revocationList)
        }
        let flaws = try await ledger.flaws()
        let statuses = items.map { item in
            WatchedStatus(
                item, standing: standings[item.object.fingerprint] ?? ObjectStanding(),
                flaws: flaws[item.object.fingerprint] ?? [], plan: plan, at: now)
        }
        let defects = try await ledger.defects()
            .filter { filter.takesDefect(of: plan.registration(named: $0.registration)) }
        let findings = try await ledger.openFindings()
            .filter { filter.takes($0, among: statuses, of: plan) }
        self.init(
            statuses, selectedBy: filter, defects: defects.map { DefectObject(path: $0.path, $0.defect) },
            findings: findings.map { StandingFinding($0) }, sortedBy: order)
    }
}

extension WatchedStatus {
    /// The status of an item of the ledger.
    ///
    /// - Parameters:
    ///   - item: the certificate or list at one of its places.
    ///   - standing: what all registrations that need it say of it.
    ///   - flaws: of all these registrations.
    ///   - plan: the registrations.
    ///   - now: the time for which the state is computed.
    init(_ item: WatchedItem, standing: ObjectStanding, flaws: [Judgement.Flaw], plan: WatchPlan, at now: Instant) {
        let object = item.object
        self.init(
            object, at: item.location, registration: plan.registration(named: item.registration), standing: standing,
            by: .ladder(plan.ladder(for: object.kind, object.validity, watchedBy: standing.watchers)),
            findings: flaws.findings, absentSince: item.absentSince, now: now)
        lastUsed = item.lastUsed
    }
}

extension [Judgement.Flaw] {
    /// One finding for each code over all registrations.
    var findings: [CertificateFinding] {
        map { CertificateFinding($0.code, $0.facts) }.oneForEachCode
    }
}
