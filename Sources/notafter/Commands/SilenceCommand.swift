import ArgumentParser
import Certificates
import ExpiryRules
import LedgerStorage
import Monitor
import StatusServer

/// `notafter silence`
struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence",
        abstract: "Silence notices for a while; what is still true at the end is sent then.",
        subcommands: [SilenceAddCommand.self, SilenceListCommand.self, SilenceExpireCommand.self],
        defaultSubcommand: SilenceListCommand.self)
}

/// `notafter silence add`
struct SilenceAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Begin a silence, now.",
        discussion: """
            All matchers must match; a key that is repeated means any of its values. \
            Keys: \(NoticeField.names.joined(separator: ", ")). * stands for any characters, ? for one.

            Example:
              notafter silence add registration=edge-* severity=warning --for 7d --reason 'CHG-42: new CA'
            """)

    @Argument(help: ArgumentHelp("Which notices, as KEY=VALUE.", valueName: "MATCHER"))
    var matchers: [String]

    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 90m, 7d; a year at most.", valueName: "DURATION"))
    var duration: TimeSpan?

    @Option(name: .long, help: ArgumentHelp("Or until when.", valueName: "RFC3339"))
    var until: Instant?

    @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "TEXT"))
    var reason: String

    @Option(name: .customLong("by"), help: ArgumentHelp("The author. (default: the login name)", valueName: "NAME"))
    var author: String?

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try terms(at: times.time.now)
    }

    func run() async throws {
        let now = times.time.now
        let (ledger, settings) = try ledger.openWithSettings()
        let terms = try terms(at: now)
        do throws(SilenceRequestError) {
            try terms.matchers.requireKnownValues(among: settings.registrations)
        } catch {
            StandardError.print(TerminalText.escaped(error.message))
            throw ExitStatus.failure
        }
        let effect = try await ledger.addSilence(terms, plan: settings.plan, at: now)
        if output.json { return print(try JSONText.indented(SilenceObject(effect, at: now))) }
        guard !output.quiet else { return }
        print(TerminalText.escaped("silence #\(effect.silence.id) until \(terms.endsAt): \(effect.words)"))
    }

    /// - Throws: `ValidationError`.
    private func terms(at now: Instant) throws -> SilenceTerms {
        let request = SilenceRequest(
            matchers: matchers, duration: duration, end: until, reason: reason,
            author: author ?? LoginName.current)
        do throws(SilenceRequestError) {
            return try request.terms(at: now, from: .commandLine)
        } catch {
            throw ValidationError(TerminalText.escaped(error.message))
        }
    }
}

/// `notafter silence list`
struct SilenceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the silences that hold, and what they hold back.")

    @Flag(name: .long, help: "Also those that are over.")
    var all = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let now = times.time.now
        let silences = try await ledger.openToRead().silences().filter { all || $0.silence.isActive(at: now) }
        if output.json {
            return print(try JSONText.indented(["silences": silences.map { SilenceObject($0, at: now) }]))
        }
        var table = TextTable()
        for record in silences {
            let terms = record.silence.terms
            table.append([
                .init("#\(record.silence.id)"), .init(record.silence.stateWords(at: now)), .start(of: terms.author),
                .start(of: terms.matchers.description), .init("holds \(counted(record.heldDeliveries, "message"))"),
                .init(terms.reason, fit: .wrapped),
            ])
        }
        output.terminal.show(table.lines(on: output.terminal))
        if silences.isEmpty, !output.quiet { print(all ? "there was no silence" : "no silence holds anything") }
    }
}

/// `notafter silence expire`
struct SilenceExpireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire",
        abstract: "End silences now; the next pass, or the daemon at once, sends what they held.")

    @Argument(help: ArgumentHelp("Numbers, as `silence list` shows them.", valueName: "ID"))
    var ids: [DeliveryNumber]

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var times: TimeOptions

    func run() async throws {
        let (ledger, settings) = try ledger.openWithSettings()
        var failed = false
        for id in ids.map(\.value) {
            switch try await ledger.expireSilence(id, plan: settings.plan, at: times.time.now) {
            case .done(let released): print("silence #\(id) is over; it releases \(counted(released, "message"))")
            case .unknown:
                failed = true
                StandardError.print("#\(id): there is no such silence; `notafter silence list --all` lists them")
            case .over(let since):
                failed = true
                StandardError.print("silence #\(id) is over since \(since)")
            }
        }
        if failed { throw ExitStatus.failure }
    }
}

extension TimeSpan: ExpressibleByArgument {
    /// `90m`, `7d`.
    public init?(argument: String) {
        self.init(parsing: argument)
        guard seconds > 0 else { return nil }
    }
}
