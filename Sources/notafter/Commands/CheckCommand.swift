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
        abstract: "Look at certificates now, without memory; exits as Nagios expects.",
        discussion: """
            Exit status: 0 ok, 1 warning, 2 critical or expired, 3 something could not be read. The worst wins, in the \
            order 2, 3, 1, 0.

            Examples:
              notafter check /etc/ssl/certs
              notafter check -w 60d -c 30d 'pki/**/*.pem'
              notafter check --config notafter.yaml
            """)

    @Argument(help: "Files, directories or globs; or, with --config, none.")
    var targets: [String] = []

    @Option(name: [.short, .customLong("warning")], help: "Warn so long before expiry (30d, 36h, 33%). (default: 30d)")
    var warning: Threshold?

    @Option(name: [.short, .customLong("critical")], help: "Critical so long before expiry. (default: 14d)")
    var critical: Threshold?

    @Option(name: .long, help: ArgumentHelp("Check what this configuration registers.", valueName: "FILE"))
    var config: String?

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard targets.isEmpty == (config == nil) else { return }
        throw ValidationError(
            targets.isEmpty
                ? "Name a file, a directory or a glob, or a configuration with --config."
                : "Name either targets or --config, not both.")
    }

    func run() async throws {
        let listing = try await listing(at: times.time.now)
        try show(listing)
        if listing.status != .ok { throw listing.status }
    }

    private func listing(at now: Instant) async throws -> CertificateListing {
        var items: [WatchedStatus] = []
        var defects: [DefectObject] = []
        var misfits = MisfitReport()
        func add(_ finding: Search.Finding, of registration: Registration?) {
            switch finding {
            case .certificate(let certificate, let location):
                misfits.look(
                    at: .certificate(certificate), by: yardstick(of: registration).thresholds(for: .certificate),
                    of: registration)
                items.append(
                    WatchedStatus(
                        .certificate(certificate), at: location, registration: registration,
                        by: yardstick(of: registration), now: now))
            case .revocationList(let list, let location):
                items.append(
                    WatchedStatus(
                        .revocationList(list), at: location, registration: registration,
                        by: .registration(registration ?? Self.anyRegistration), now: now))
            case .defect(let path, let defect):
                defects.append(DefectObject(path: path.description, defect))
            }
        }
        let search = try Search()
        for target in targets {
            let source = passphrase.source(PathPattern(target: target))
            try search.look(at: source.pattern, passphraseFile: source.passphraseFile) { add($0, of: nil) }
        }
        if let config {
            let settings = try SettingsFile.load(path: config)
            let plan = settings.plan
            for source in settings.sources {
                try search.look(at: source.pattern, passphraseFile: source.passphraseFile) {
                    add($0, of: plan.registration(named: source.registration))
                }
            }
            for (registration, place, fetched) in await Fetcher(loop: try TransferLoop()).fetchAll(settings) {
                try search.look(into: fetched, from: place) { add($0, of: plan.registration(named: registration)) }
            }
        }
        return CertificateListing(items, defects: defects, findings: misfits.findings)
    }

    /// Days make no sense for a list that may live for hours: without a registration, the usual shares count.
    private static let anyRegistration = Registration(name: "", role: .revocationList)

    /// What is asked for on the command line goes before what the registration has.
    private func yardstick(of registration: Registration?) -> WatchedStatus.Yardstick {
        if warning == nil, critical == nil, let registration { return .registration(registration) }
        return .limits(warning: warning ?? .span(.days(30)), critical: critical ?? .span(.days(14)))
    }

    private func show(_ listing: CertificateListing) throws {
        if output.json {
            print(try JSONText.indented(listing))
            return
        }
        guard !output.quiet || listing.status != .ok else { return }
        let terminal = output.terminal
        let summary = "\(listing.status.word) - \(listing.summary.text)"
        // Nagios shows the first line; a person at a terminal looks at the last.
        if !terminal.isInteractive { print(summary) }
        let lines = listing.lines(on: terminal)
        for line in lines { print(line) }
        if terminal.isInteractive { print(summary) }
    }
}

extension Threshold: ExpressibleByArgument {
    /// A bare number is days, as Nagios plugins have it.
    public init?(argument: String) {
        self.init(parsing: argument.allSatisfy(\.isNumber) ? argument + "d" : argument)
    }
}
