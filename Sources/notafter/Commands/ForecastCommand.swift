import ArgumentParser
import Certificates
import LedgerStorage
import Monitor

/// `notafter forecast`
struct ForecastCommand: AsyncParsableCommand {
    private static let dayLimits = 1...3_660

    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Show which notices will go to whom and when, if nothing is renewed; the soonest last.",
        discussion: """
            What decides in a pass decides here, on a copy of the ledger and in times to come: nothing is sent and nothing \
            is recorded.
            """)

    @Option(name: .long, help: ArgumentHelp("How far to look ahead.", valueName: "N"))
    var days = 90

    @Flag(name: .long, help: "Print a calendar (iCalendar, RFC 5545) with an event for each notice.")
    var ics = false

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Self.dayLimits.contains(days) else {
            throw ValidationError("--days is between \(Self.dayLimits.lowerBound) and \(Self.dayLimits.upperBound)")
        }
        guard !ics || !output.json else { throw ValidationError("--ics and --json exclude each other") }
    }

    func run() async throws {
        let settings = try files.settings()
        try files.requireLedger(of: settings)
        let copy = try Ledger(copyOfSQLiteFile: files.state ?? settings.stateFile)
        let now = times.time.now
        let forecast = try await Forecaster(copy: copy, settings: settings)
            .forecast(from: now, until: now + .days(Int64(days)))
        if ics {
            print(try ForecastCalendar(forecast).text, terminator: "")
        } else if output.json {
            print(try JSONText.indented(try ForecastObject(forecast)))
        } else {
            let terminal = output.terminal
            terminal.show(ForecastTable(forecast, days: days).lines(on: terminal, quiet: output.quiet))
        }
    }
}
