import ArgumentParser
import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import Monitor

/// `notafter deliveries`
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "Show what is still to be delivered, try it again, or give it up.",
        subcommands: [
            DeliveriesListCommand.self, DeliveriesRetryCommand.self, DeliveriesCancelCommand.self,
            DeliveriesBackfillCommand.self,
        ],
        defaultSubcommand: DeliveriesListCommand.self)
}

extension DeliveryState: ExpressibleByArgument {}

/// `notafter deliveries list`
struct DeliveriesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show deliveries, by default those that are still open.")

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only those in this state: pending, sending, retry, unknown, parked, delivered, superseded, cancelled or expired; may be repeated.",
            valueName: "STATE"))
    var inState: [DeliveryState] = []

    @Option(
        name: [.long, .customLong("ledger")],
        help: ArgumentHelp(
            "The ledger, instead of the configuration's `state`; or a state, as --in-state has it.",
            valueName: "FILE|STATE"))
    var state: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration. (default: ./notafter.yaml, else \(ConfigurationOptions.defaultPath))", valueName: "FILE"
        ))
    var config: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try arguments()
    }

    private func arguments() throws -> StateArguments<DeliveryState> {
        try StateArguments(state, words: DeliveryState.allCases.map(\.rawValue)) { DeliveryState(rawValue: $0) }
    }

    func run() async throws {
        let arguments = try arguments()
        let states = inState + arguments.states
        let files = ConfigurationOptions(config: config, state: arguments.ledger)
        let wanted = states.isEmpty ? DeliveryState.allCases.filter(\.isOpen) : states
        let deliveries = try await files.ledgerToRead(of: files.settings()).deliveries(in: wanted)
        if output.json {
            print(try JSONText.indented(["deliveries": deliveries.map(DeliveryStory.init)]))
            return
        }
        let terminal = output.terminal
        var table = TextTable()
        for delivery in deliveries {
            table.append([
                .init("#\(delivery.id)"), .init(delivery.state.rawValue), .start(of: delivery.receiver),
                .init(delivery.notice), delivery.subjectCell(on: terminal),
                .init(
                    [delivery.reason, delivery.prospect].compactMap(\.self).joined(separator: "; "), fit: .wrapped),
            ])
        }
        terminal.show(table.lines(on: terminal))
        if deliveries.isEmpty, !output.quiet { print("no delivery is \(states.isEmpty ? "open" : "in that state")") }
    }
}

/// `notafter deliveries retry`
struct DeliveriesRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Make deliveries due now; the next pass, or the daemon at once, sends them under the same id.")

    @Argument(help: ArgumentHelp("Numbers, as `deliveries` shows them.", valueName: "ID"))
    var ids: [DeliveryNumber]

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let now = SystemTime().now
        try await ledger.intervene(in: ids, done: "is due now") { try await $0.retryDelivery($1, at: now) }
    }
}

/// `notafter deliveries cancel`
struct DeliveriesCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel deliveries; what may have arrived already is still resolved when it is over.")

    @Argument(help: ArgumentHelp("Numbers, as `deliveries` shows them.", valueName: "ID"))
    var ids: [DeliveryNumber]

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let now = SystemTime().now
        try await ledger.intervene(in: ids, done: "is cancelled") { try await $0.cancelDelivery($1, at: now) }
    }
}

/// `notafter deliveries backfill`
struct DeliveriesBackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Send open notices to receivers that were added later.")

    @Argument(help: ArgumentHelp("Names of receivers.", valueName: "RECEIVER"))
    var receivers: [String]

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var times: TimeOptions

    func run() async throws {
        let (ledger, settings) = try ledger.openWithSettings()
        var failed = false
        for receiver in receivers {
            let name = TerminalText.escaped(receiver)
            if let count = try await ledger.backfill(receiver, plan: settings.plan, at: times.time.now) {
                let notices = counted(count, "notice")
                print("\(notices) queued for \(name); the next pass, or the daemon at once, sends them")
            } else {
                failed = true
                StandardError.print(
                    "the ledger knows no receiver \(name): name one of the configuration, after a `notafter scan` with it"
                )
            }
        }
        if failed { throw ExitStatus.failure }
    }
}

/// `12` or `#12`.
struct DeliveryNumber: ExpressibleByArgument {
    let value: Int64

    init?(argument: String) {
        guard let value = Int64(argument.drop { $0 == "#" }) else { return nil }
        self.value = value
    }
}

/// The options for the ledger.
struct LedgerOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration. (default: ./notafter.yaml, else \(ConfigurationOptions.defaultPath))", valueName: "FILE"
        ))
    var config: String?

    @Option(
        name: [.customLong("state"), .customLong("ledger")],
        help: ArgumentHelp("The ledger, instead of the configuration's `state`.", valueName: "FILE"))
    var ledger: String?

    /// - Throws: `LedgerError`, also when there is no ledger yet.
    func open() throws -> Ledger { try openWithSettings().0 }

    /// Opens the ledger for a command that changes nothing.
    ///
    /// - Throws: `LedgerError`, also when there is no ledger yet.
    func openToRead() throws -> Ledger {
        let files = ConfigurationOptions(config: config, state: ledger)
        return try files.ledgerToRead(of: files.settings())
    }

    /// - Throws: `LedgerError`, also when there is no ledger yet.
    func openWithSettings() throws -> (Ledger, Settings) {
        let files = ConfigurationOptions(config: config, state: ledger)
        let settings = try files.settings()
        try files.requireLedger(of: settings)
        return (try files.ledger(of: settings), settings)
    }

    /// Applies `act` to each delivery and prints the result.
    ///
    /// - Throws: `ExitStatus.failure` when it failed for one of them.
    func intervene(
        in ids: [DeliveryNumber], done: String, _ act: (Ledger, Int64) async throws -> DeliveryIntervention
    ) async throws {
        let ledger = try open()
        var failed = false
        for id in ids.map(\.value) {
            switch try await act(ledger, id) {
            case .done: print("#\(id) \(done)")
            case .unknown:
                failed = true
                StandardError.print("#\(id): there is no such delivery; `notafter deliveries` lists them")
            case .impossible(let state):
                failed = true
                StandardError.print("#\(id) is \(state.rawValue), and stays so")
            case .held(let hold):
                failed = true
                StandardError.print(
                    TerminalText.escaped(
                        "#\(id) is \(hold.words); `notafter silence expire \(hold.silence)` ends that"))
            }
        }
        if failed { throw ExitStatus.failure }
    }
}
