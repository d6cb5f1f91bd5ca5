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
            discussion: """
                Files of secrets, keys and templates are read as well: a broken one is an error; one that is missing or closed \
                to this user, and a client certificate of ours that expired, is a warning.

                Exit status: 0, or 4 when there are errors.
                """)

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings = try files.settings()
            try Self.check(settings.fileFindings(at: SystemTime().now))
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

        /// Warns of files that may be there for another user and of certificates that expired; fails for broken files.
        private static func check(_ findings: [FileFinding]) throws {
            let broken = findings.filter { $0.kind == .unusable }
            for finding in findings where finding.kind != .unusable {
                StandardError.print("notafter: warning: \(finding.problem)")
            }
            guard broken.isEmpty else { throw ConfigurationError(problems: broken.map(\.problem)) }
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
