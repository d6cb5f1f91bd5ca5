import ArgumentParser
import Certificates
import Configuration
import Monitor

/// `notafter config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with the configuration.",
        subcommands: [Validate.self, Show.self, Schema.self, Routes.self])

    /// `notafter config validate`
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check a configuration and the files that it names: everything that is wrong, in one go.",
            discussion: """
                Errors are in the configuration itself, or in a file of secrets, keys, CAs or templates that can never work. \
                Warnings are about this machine and this user: places, files, programs and directories that are missing, \
                closed, open to others, expired, or hold no certificate. It opens no connection and runs no command: run it \
                as the user that runs notafter.

                Exit status: 0, also with warnings, or 4 when there are errors.
                """,
            aliases: ["check"])

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var times: TimeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings: Settings
            do {
                settings = try files.settings()
            } catch let error as ConfigurationError where output.json {
                print(try JSONText.indented(ValidationReport(files.path, error)))
                throw ExitStatus.configurationError
            }
            let report = ValidationReport(
                files.path, settings, dropIns: try SettingsFile.files(of: files.path).count - 1,
                findings: settings.fileFindings(at: times.time.now), try ConfigurationReview(of: settings))
            if output.json {
                print(try JSONText.indented(report))
            } else {
                StandardError.print(lines: report.warningLines + report.errorLines)
                if !output.quiet, report.isValid { print(report.summary) }
            }
            if !report.isValid { throw ExitStatus.configurationError }
        }
    }

    /// `notafter config show`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show the configuration in effect: drop-ins, absolute paths and defaults, but no secrets.",
            discussion: """
                Tokens in the URLs of receivers and of the heartbeat, logins in URLs and the values of headers are shown as \
                <redacted>. Files of secrets are not read. What depends on the machine or on other keys is left out.

                Exit status: 0, or 4 when there are errors.
                """)

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            _ = try files.settings()
            let configuration = try EffectiveConfiguration(path: files.path)
            if output.json {
                print(try JSONText.indented(configuration))
            } else {
                print(try configuration.yaml, terminator: "")
            }
        }
    }

    /// `notafter config schema`
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of the configuration, for editors.",
            discussion: """
                Example, with a first line in the configuration that names the file:
                  notafter config schema > notafter.schema.json
                  # yaml-language-server: $schema=notafter.schema.json
                """)

        func run() {
            print(ConfigurationSchema.text, terminator: "")
        }
    }

    /// `notafter config routes`
    struct Routes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "routes",
            abstract: "Show the routes, and which receivers they name for the stages of each registration.",
            discussion: "Exit status: 0, or 4 when there are errors. Needs no ledger, and makes no connection.")

        @OptionGroup var files: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings = try files.settings()
            let table = RouteTable(settings, plan: settings.plan)
            if output.json {
                print(try JSONText.indented(table))
            } else {
                output.terminal.show(table.lines(on: output.terminal))
            }
        }
    }
}
