import ArgumentParser
import Certificates
import Configuration
import Glibc
import LedgerStorage
import Monitor
import Scanning

/// Options that every command takes.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing when all is well.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Print without colours.")
    var noColour = false

    @Flag(name: .long, help: "Shorten nothing to fit the terminal.")
    var wide = false

    var terminal: Terminal { Terminal(noColour: noColour, isWide: wide) }

    var progress: ProgressDisplay { quiet ? .off : ProgressDisplay() }
}

/// The option for a fixed time.
struct TimeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Use this as the present time, for a rehearsal; scan and run then need a separate --state.",
            valueName: "RFC3339"))
    var at: Instant?

    var time: any TimeSource { at.map { FixedTime($0) } ?? SystemTime() }
}

/// The option for the passphrase of key stores.
struct PassphraseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Open PKCS #12 files and Java key stores with the first line of this file.", valueName: "FILE"))
    var passphraseFile: String?

    var file: FilePath? { passphraseFile.map { FilePath($0) } }

    /// The source for a path on the command line.
    func source(_ pattern: PathPattern) -> FileSource {
        FileSource(registration: "", pattern: pattern, passphraseFile: file)
    }
}

/// The options for the configuration and the ledger.
struct ConfigurationOptions: ParsableArguments {
    static let defaultPath = "/etc/notafter/notafter.yaml"

    @Option(
        name: .long,
        help: ArgumentHelp("The configuration. (default: ./notafter.yaml, else \(defaultPath))", valueName: "FILE"))
    var config: String?

    @Option(
        name: [.long, .customLong("ledger")],
        help: ArgumentHelp("The ledger, instead of the configuration's `state`.", valueName: "FILE"))
    var state: String?

    init() {}

    init(config: String?, state: String?) {
        self.config = config
        self.state = state
    }

    /// The paths at which a command looks for a configuration that is not named.
    var defaultPaths: [String] { ["notafter.yaml", Self.defaultPath] }

    var path: String {
        config ?? (access("notafter.yaml", R_OK) == 0 ? "notafter.yaml" : Self.defaultPath)
    }

    /// Whether a configuration exists or was named.
    var isThere: Bool { config != nil || PathText.withSystemPath(path, { access($0, F_OK) }) == 0 }

    /// - Throws: `ConfigurationError` with all problems.
    func settings() throws -> Settings {
        if config == nil, PathText.withSystemPath(path, { access($0, F_OK) }) != 0 {
            throw ConfigurationError(problems: [
                Problem(
                    file: path, line: 1, column: 1, path: "",
                    message: "there is neither this file nor ./notafter.yaml; name one with --config")
            ])
        }
        return try SettingsFile.load(path: path)
    }

    /// Requires an explicit ledger together with `--at`, because a decision at a future time is never made again.
    ///
    /// - Throws: `ValidationError`.
    func requireOwnLedger(for times: TimeOptions, command: String) throws {
        guard times.at != nil, state == nil else { return }
        throw ValidationError(
            """
            \(command) --at records what it does as if it were that time, and what has been decided is not decided again \
            when the time comes. Name the ledger that this may happen to: --state /tmp/rehearsal.db
            """)
    }

    /// Checks that the ledger exists, so that a command that only reads creates none.
    ///
    /// - Throws: `LedgerError` when there is no ledger yet.
    func requireLedger(of settings: Settings) throws {
        let path = state ?? settings.stateFile
        guard PathText.withSystemPath(path, { access($0, F_OK) }) != 0 else { return }
        throw LedgerError("there is no ledger at \(path) yet; `notafter scan` makes one")
    }

    /// The ledger for a command that changes nothing.
    ///
    /// - Throws: `LedgerError`, also when there is no ledger yet.
    func ledgerToRead(of settings: Settings) throws -> Ledger {
        try requireLedger(of: settings)
        return try Ledger(readingSQLiteFile: state ?? settings.stateFile)
    }

    /// - Throws: `LedgerError`.
    func ledger(of settings: Settings) throws -> Ledger {
        try Ledger(sqliteFile: state ?? settings.stateFile)
    }
}

extension Instant: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(rfc3339: argument)
    }
}
