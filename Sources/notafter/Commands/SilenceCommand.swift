import ArgumentParser
import Certificates
import ExpiryRules
import LedgerStorage
import Monitor

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
        try requireKnownValues(terms.matchers, among: settings.registrations)
        let effect = try await ledger.addSilence(terms, plan: settings.plan, at: now)
        if output.json { return print(try JSONText.indented(SilenceObject(effect, at: now))) }
        guard !output.quiet else { return }
        print(TerminalText.escaped("silence #\(effect.silence.id) until \(terms.endsAt): \(effect.words)"))
    }

    /// - Throws: `ValidationError`.
    private func terms(at now: Instant) throws -> SilenceTerms {
        let end: Instant
        switch (duration, until) {
        case (let duration?, nil): end = now + duration
        case (nil, let until?): end = until
        case (nil, nil), (.some, .some): throw ValidationError("Say how long, with either --for or --until.")
        }
        guard end > now else { throw ValidationError("A silence that ends at \(end) is over already.") }
        guard end <= now + Silence.longest else {
            throw ValidationError("A silence ends within a year, and \(end) is later.")
        }
        let author = author ?? LoginName.current
        for (name, text) in [("--reason", reason), ("--by", author)] + matchers.map({ ("a matcher", $0) }) {
            try requireLine(text, of: name)
        }
        return SilenceTerms(matchers: try parsedMatchers(), author: author, reason: reason, endsAt: end)
    }

    /// - Throws: `ValidationError`.
    private func parsedMatchers() throws -> NoticeMatchers {
        do throws(NoticeMatcherError) {
            return try NoticeMatchers(parsing: matchers)
        } catch {
            throw ValidationError(TerminalText.escaped(error.description))
        }
    }

    private func requireLine(_ text: String, of name: String) throws {
        let isBlank = text.allSatisfy(\.isWhitespace)
        let isLine = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !isBlank, isLine, text.utf8.count <= 500 else {
            throw ValidationError("\(name) must be one line of at most 500 bytes, and not empty.")
        }
    }

    /// Rejects a matcher that matches no configured value: with a typo, the user would believe that something is
    /// silenced.
    private func requireKnownValues(_ matchers: NoticeMatchers, among registrations: [Registration]) throws {
        for matcher in matchers.matchers {
            guard let known = matcher.field.knownValues(among: registrations) else { continue }
            for pattern in matcher.patterns where !known.contains(where: pattern.matches) {
                StandardError.print(
                    "there is no \(matcher.field.name) that \"\(TerminalText.escaped(pattern.text))\" matches; known: "
                        + TerminalText.escaped(known.joined(separator: ", ")))
                throw ExitStatus.failure
            }
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
