import ArgumentParser
import Configuration
import Monitor

/// `notafter config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with the configuration.", subcommands: [Validate.self, Routes.self])

    /// `notafter config validate`
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check a configuration: every error in one go, and what was found. Connects to nobody.",
            discussion: "Exit status: 0, or 4 when there are errors.")

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings = try files.settings()
            guard !output.quiet else { return }
            let dropIns = try SettingsFile.files(of: files.path).count - 1
            let silent = settings.unroutedReceivers
            let unrouted =
                silent.isEmpty
                ? "" : ": \(silent.joined(separator: ", ")) hear\(silent.count == 1 ? "s" : "") of nothing"
            print(
                """
                \(files.path)\(dropIns == 0 ? "" : " and \(dropIns) drop-in\(dropIns == 1 ? "" : "s")"): fine
                  \(settings.registrations.count) registrations in \(settings.sources.count) places
                  \(settings.endpoints.count) endpoints
                  \(settings.receivers.count) receivers, \(settings.route.everybody.count) of them routed\(unrouted)
                  ledger \(settings.stateFile)
                """)
        }
    }
    /// `notafter config routes`
    struct Routes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "routes",
            abstract: "Show who hears of what: the routes, and whom they name for the stages of each registration.",
            discussion: "Exit status: 0, or 4 when there are errors. Needs no ledger, and connects to nobody.")

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings = try files.settings()
            let table = RouteTable(settings, plan: settings.plan)
            if output.json {
                print(try JSONText.indented(table))
            } else {
                for line in table.lines { print(line) }
            }
        }
    }
}
