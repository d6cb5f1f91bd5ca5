import ArgumentParser
import Configuration

/// `notafter config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with the configuration.", subcommands: [Validate.self])

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
            print(
                """
                \(files.path)\(dropIns == 0 ? "" : " and \(dropIns) drop-in\(dropIns == 1 ? "" : "s")"): fine
                  \(settings.registrations.count) registrations in \(settings.sources.count) places
                  \(settings.endpoints.count) endpoints
                  \(settings.receivers.count) receivers, \(settings.route.everybody.count) of them routed
                  ledger \(settings.stateFile)
                """)
        }
    }
}
