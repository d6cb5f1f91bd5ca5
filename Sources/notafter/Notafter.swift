import ArgumentParser

/// The command. Each subcommand has a file in Commands/.
@main
struct Notafter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notafter",
        abstract: "Notifies the right people in time that a certificate is about to expire or break something.",
        discussion: """
            Watches the CA and client certificates of a private PKI, sends webhooks 30 and 14 days before they expire, \
            and probes the mTLS endpoints that they open.

            Try it without a configuration:
              notafter check /etc/ssl/certs
              notafter inspect client.pem
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, DoctorCommand.self, ReceiveCommand.self, CheckCommand.self, ScanCommand.self,
            RunCommand.self, StatusCommand.self,
            ProbeCommand.self,
            InspectCommand.self,
            ExplainCommand.self, ForecastCommand.self, DeliveriesCommand.self, SilenceCommand.self,
            VerifyCommand.self, DiscoverCommand.self, ListCommand.self, ConfigCommand.self, TestNotifyCommand.self,
            HealthcheckCommand.self, ObserveCommand.self,
        ])

    static func main() async {
        var running: (any ParsableCommand.Type)?
        do {
            if let unknown = CommandTree.unknownCommand(in: Arguments.all) { throw unknown }
            var command = try parseAsRoot(Arguments.all)
            running = type(of: command)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try StandardOutput.flush()
        } catch {
            ExitStatus.end(with: error, of: running, arguments: CommandLine.arguments)
        }
    }
}
