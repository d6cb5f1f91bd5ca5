import ArgumentParser
import Certificates
import Configuration
import CurlBinding
import ExpiryRules
import Monitor
import Scanning

/// `notafter check`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check certificates now, without a ledger; exits as Nagios expects.",
        discussion: """
            Exit status: 0 ok, 1 warning, 2 critical or expired, 3 something could not be read. The worst wins, in the \
            order 2, 3, 1, 0. A finding counts by its severity, unless --ignore names its code: with --config, all that \
            `scan` would find in files, commands and URLs; without, what needs no registration, such as a weak key.

            What is not ok is listed, each certificate once, the most urgent last; --all lists the rest too, and --json has \
            everything. Only what is listed is kept in memory, unless --config or a filter is given.

            A filter narrows what is judged: the exit status is that of what it selects, and what could not be read always \
            counts. --within, --state and --finding list all that they select.

            Examples:
              notafter check /etc/ssl/certs
              notafter check -w 60d -c 30d 'pki/**/*.pem'
              notafter check --config notafter.yaml
              notafter check --config notafter.yaml --ignore outlives_issuer
              notafter check --config notafter.yaml --owner payments --within 60d
              notafter check --exclude archive --exclude '*.bak' /etc/pki
            """)

    @Argument(help: "Files, directories or globs; or, with --config, none.")
    var targets: [String] = []

    @Option(name: [.short, .customLong("warning")], help: "Warn so long before expiry (30d, 36h, 33%). (default: 30d)")
    var warning: Threshold?

    @Option(name: [.short, .customLong("critical")], help: "Critical so long before expiry. (default: 14d)")
    var critical: Threshold?

    @Option(name: .long, help: ArgumentHelp("Check what this configuration registers.", valueName: "FILE"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ignore findings with this code (docs/findings.md); may be repeated.", valueName: "CODE"),
        transform: FindingCode.named)
    var ignore: [FindingCode] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Leave out files and directories of this name, or path (old/*.pem); may be repeated.", valueName: "PATTERN")
    )
    var exclude: [String] = []

    @Flag(name: .long, help: "List what is ok, too.")
    var all = false

    @Flag(
        name: .long, help: "Print the first line as monitoring plugins do: the worst certificate, and performance data."
    )
    var nagios = false

    @Option(
        name: .long, help: ArgumentHelp("The same as --in-state.", valueName: "STATE"), transform: FilterOptions.state)
    var state: [CertificateState] = []

    @OptionGroup(title: "Selecting") var selection: FilterOptions

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    /// A mistyped option is reported before a missing target, so this is no `validate`.
    private func requireTargets() throws {
        guard config != nil || !selection.asksForRegistrations else {
            throw ValidationError("--owner and --label are of registrations: name a configuration with --config.")
        }
        // With only one of them given, the other is a default that the caller did not choose.
        if let warning, let critical, critical.beginsBefore(warning) {
            throw ValidationError(
                """
                -w \(warning) is shorter than -c \(critical), so nothing would ever be a warning: give the longer time to \
                -w.
                """)
        }
        guard targets.isEmpty == (config == nil) else { return }
        throw ValidationError(
            targets.isEmpty
                ? "Name a file, a directory or a glob, or a configuration with --config."
                : "Name either targets or --config, not both.")
    }

    func run() async throws {
        try requireTargets()
        let now = times.time.now
        let status: NagiosStatus
        if output.json {
            let listing = try await output.progress.during { try await self.listing(at: now, counting: $0) }
            print(try JSONText.indented(listing))
            status = listing.status
        } else {
            let report = try await output.progress.during { try await self.report(at: now, counting: $0) }
            show(report, at: now)
            status = report.status
        }
        if status != .ok { throw status }
    }

    private func listed(by filter: CertificateFilter) -> CheckReport.Selection {
        all || filter.asksForCondition ? .all : .notOK
    }

    private func listing(at now: Instant, counting progress: WorkProgress) async throws -> CertificateListing {
        if let config { return try await listing(of: config, at: now, counting: progress) }
        var checked = try checkTargets(
            keeping: .objects, by: try selection.filter(states: state, at: now), at: now, counting: progress)
        return try checked.concludedListing()
    }

    private func report(at now: Instant, counting progress: WorkProgress) async throws -> CheckReport {
        if let config {
            let listing = try await listing(of: config, at: now, counting: progress)
            return listing.report(listing: listed(by: listing.filter))
        }
        let filter = try selection.filter(states: state, at: now)
        guard filter.isEmpty else {
            return try await listing(at: now, counting: progress).report(listing: listed(by: filter))
        }
        var checked = try checkTargets(keeping: .lines(listed(by: filter)), by: filter, at: now, counting: progress)
        return try checked.concludedReport()
    }

    private func listing(
        of config: String, at now: Instant, counting progress: WorkProgress
    ) async throws -> CertificateListing {
        let search = try Search(counting: progress)
        let settings = try SettingsFile.load(path: config)
        let filter = try selection.filter(states: state, at: now, among: settings.plan.registrations)
        var checked = CheckedPlaces(settings, limits: limits)
        progress.begin(.reading)
        for source in settings.sources {
            let role = settings.plan.registration(named: source.registration)?.role
            if exclusion.excludes(FilePath(source.pattern.text)) { continue }
            try search.read(
                at: source.pattern, passphraseFile: source.passphraseFile,
                excluding: source.exclusion.adding(exclusion), for: role
            ) { checked.add($0, of: source.registration) }
        }
        let fetcher = Fetcher(loop: try TransferLoop())
        for (registration, place, fetched) in await fetcher.fetchAll(settings, counting: progress) {
            let role = settings.plan.registration(named: registration)?.role
            try search.read(into: fetched, from: place, for: role) { checked.add($0, of: registration) }
        }
        progress.begin(.verifying)
        progress.expect(checked.objectCount)
        return try checked.listing(at: now, ignoring: Set(ignore), filter: filter, sortedBy: selection.sort) {
            progress.advance()
        }
    }

    /// Reads the targets, twice if one pass over them is not enough.
    private func checkTargets(
        keeping kept: CheckedTargets.Output, by filter: CertificateFilter, at now: Instant,
        counting progress: WorkProgress
    ) throws -> CheckedTargets {
        var checked = try CheckedTargets(
            limits: limits ?? Self.defaultLimits, at: now, ignoring: Set(ignore), keeping: kept, filter: filter,
            sortedBy: selection.sort)
        try search(counting: progress) { try checked.add($0) }
        if checked.needsSecondReading() { try search(counting: progress) { checked.addAgain($0) } }
        return checked
    }

    private func search(counting progress: WorkProgress, _ body: (Search.Item) throws -> Void) throws {
        let search = try Search(counting: progress)
        progress.begin(.reading)
        for target in targets where !exclusion.excludes(FilePath(target)) {
            let source = passphrase.source(PathPattern(target: target))
            try search.read(
                at: source.pattern, passphraseFile: source.passphraseFile, excluding: exclusion, body)
        }
    }

    private var exclusion: PathExclusion { PathExclusion(exclude.map { PathPattern($0) }) }

    private static let defaultLimits = CheckedPlaces.Limits(warning: .span(.days(30)), critical: .span(.days(14)))

    /// The limits of the command line, which take precedence over the thresholds of registrations.
    private var limits: CheckedPlaces.Limits? {
        guard warning != nil || critical != nil else { return nil }
        return CheckedPlaces.Limits(
            warning: warning ?? Self.defaultLimits.warning, critical: critical ?? Self.defaultLimits.critical)
    }

    private func show(_ report: CheckReport, at now: Instant) {
        guard !output.quiet || report.status != .ok else { return }
        let terminal = output.terminal
        let summary =
            nagios
            ? PluginLine(report, limits: config == nil ? limits ?? Self.defaultLimits : limits, at: now).text
            : "\(report.status.word) - \(report.summary.text)"
        // Nagios shows the first line; a person at a terminal reads the last one first.
        if nagios || !terminal.isInteractive { print(summary) }
        for line in terminal.fitted(report.lines(on: terminal)) { print(PluginText.harmless(line)) }
        if terminal.isInteractive, !nagios { terminal.show([summary]) }
    }
}

extension Threshold {
    /// Whether it is crossed before `other` in every certificate. Unknown for a span beside a share.
    fileprivate func beginsBefore(_ other: Threshold) -> Bool {
        switch (distance, other.distance) {
        case (.span(let mine), .span(let theirs)): mine > theirs
        case (.share(let mine), .share(let theirs)): mine > theirs
        case (.span, .share), (.share, .span): false
        }
    }
}

extension Threshold: ExpressibleByArgument {
    /// A number without a unit means days, as in Nagios plugins.
    public init?(argument: String) {
        self.init(parsing: argument.allSatisfy(\.isNumber) ? argument + "d" : argument)
    }
}
