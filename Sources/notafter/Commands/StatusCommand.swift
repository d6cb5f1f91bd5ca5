import ArgumentParser
import Monitor

/// `notafter status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show open problems and the state of passes, endpoints, receivers and deliveries.",
        discussion: """
            Reads the ledger alone, as the last pass left it; nothing is scanned, probed or sent. Exits as check does: \
            0 all is well, 1 warning, 2 critical, 3 nothing is known yet.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try files.settings()
        let overview = try await Overview(
            of: try files.ledgerToRead(of: settings), settings: settings, at: times.time.now)
        if output.json {
            print(try JSONText.indented(overview))
        } else {
            show(overview)
        }
        if overview.status != .ok { throw overview.status }
    }

    private func show(_ overview: Overview) {
        guard !output.quiet || overview.status != .ok else { return }
        let terminal = output.terminal
        // A person at a terminal looks at the last line, everything else at the first.
        if !terminal.isInteractive { print(overview.summary) }
        terminal.show(OverviewText(overview).lines(on: terminal))
        if terminal.isInteractive { terminal.show([overview.summary]) }
    }
}
