import ArgumentParser
import Configuration
import Monitor

/// `notafter doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that notafter depends on, and say what would fail and what to do about it.",
        discussion: """
            Files and their modes as this user, key pairs, the clock, the ledger and its space, libcurl and OpenSSL, open \
            files, and a connection to each receiver, without a message. Run it as the user that runs notafter.

            Exit status, as check has it: 0 ok, 1 warning, 2 failure.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await report()
        if output.json {
            print(try JSONText.indented(report))
        } else if !output.quiet || report.status != .ok {
            output.terminal.show(report.lines(on: output.terminal, quiet: output.quiet))
            print(report.summary)
        }
        if report.status != .ok { throw report.status }
    }

    private func report() async throws -> DoctorReport {
        do {
            let settings = try files.settings()
            return try await Doctor(
                settings, configuration: files.path, ledgerFile: files.state, time: times.time
            ).report()
        } catch let error as ConfigurationError {
            // What needs no configuration is checked all the same.
            return DoctorReport(
                checks: Doctor.machineChecks()
                    + error.problems.map { problem in
                        .failure(
                            "configuration", problem.description,
                            next: "Mend it, or write a first one: notafter init")
                    })
        }
    }
}
