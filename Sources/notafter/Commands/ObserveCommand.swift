import ArgumentParser
import Configuration
import EdgeLogs
import Foundation
import LedgerStorage
import Monitor
import Synchronization

/// `notafter observe`
struct ObserveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe",
        abstract: "Register the client certificates that an edge logs, so that they are watched while they are in use.",
        discussion: """
            Reads lines from a log or from standard input. A log is read on from where the last call stopped, also after it was \
            rotated. `notafter scan` and `notafter run` send the notices. The configuration needs `observed: {}`.

            Exit status: 0 read; 1 the log cannot be read, or none of its lines can.

            Examples:
              notafter observe --log /var/log/nginx/mtls.json --follow
              notafter observe --log /var/log/nginx/mtls.log --log-format "log_format mtls '$ssl_client_escaped_cert';"
              zcat connections.log.gz | notafter observe --format alb --edge eu-lb
            """)

    /// The formats by name.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case json, nginx, alb
    }

    @OptionGroup var files: ConfigurationOptions

    @Option(help: ArgumentHelp("The log. (default: standard input)", valueName: "FILE"))
    var log: String?

    @Flag(help: "Go on reading what is appended to the log, through its rotations.")
    var follow = false

    @Option(
        help: ArgumentHelp(
            "json: an object in each line; nginx: --log-format declares it; alb: connection logs of AWS.",
            valueName: "json|nginx|alb"))
    var format: Format?

    @Option(help: ArgumentHelp("The log_format directive of nginx.", valueName: "DIRECTIVE"))
    var logFormat: String?

    @Option(help: ArgumentHelp("The name of the edge in listings. (default: this machine's name)", valueName: "NAME"))
    var edge: String?

    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try files.requireOwnLedger(for: times, command: "observe")
        guard !follow || path != nil else {
            throw ValidationError("--follow needs --log; standard input is read until it ends.")
        }
        guard edgeName.isEntryName else {
            throw ValidationError("--edge is a name of at most 64 letters, digits, \".\", \"_\" and \"-\".")
        }
        _ = try reportFormat()
    }

    func run() async throws {
        let settings = try files.settings()
        let observer = LogObserver(
            ledger: try files.ledger(of: settings), plan: settings.plan, edge: edgeName, time: times.time)
        let shown = Mutex(Shown())
        do {
            let input = path.map { LogObserver.Input.log(path: $0) } ?? .stream(descriptor: 0, name: "standard input")
            let progress = try await observer.observe(
                input, as: try reportFormat(), follow ? .following : .toEnd,
                report: { progress in shown.withLock { $0.show(progress) } })
            try show(progress)
            if progress.tally.lines > 0, progress.tally.unreadableCount == progress.tally.lines {
                throw ExitStatus.failure
            }
        } catch let failure as LogFailure {
            StandardError.print("notafter: \(failure)")
            throw ExitStatus.failure
        }
    }

    /// nil for standard input. Absolute, since the ledger stores how far the log was read under it.
    private var path: String? {
        guard let log, log != "-" else { return nil }
        return URL(filePath: log).standardizedFileURL.path(percentEncoded: false)
    }

    private var edgeName: String {
        edge ?? String(ProcessInfo.processInfo.hostName.prefix(64))
    }

    private func reportFormat() throws -> ReportFormat {
        switch (format ?? (logFormat == nil ? .json : .nginx), logFormat) {
        case (.json, nil): return .json
        case (.alb, nil): return .connectionLog
        case (.nginx, let directive?):
            do throws(NginxLogFormat.Problem) {
                return .nginx(try NginxLogFormat(directive))
            } catch {
                throw ValidationError("--log-format: \(error)")
            }
        case (.nginx, nil): throw ValidationError("--format nginx needs --log-format.")
        case (.json, _?), (.alb, _?): throw ValidationError("--log-format is for --format nginx.")
        }
    }

    private func show(_ progress: LogObserver.Progress) throws {
        if output.json {
            print(try JSONText.indented(ObservedObject(progress, edge: edgeName)))
        } else if !output.quiet {
            for line in ObservedObject(progress, edge: edgeName).lines { print(line) }
        }
    }
}

/// The troubles that were printed already.
private struct Shown {
    private var reasons: Set<UnreadableLine> = []
    private var failure: LogFailure?
    private var isOverLimit = false

    /// Prints a new trouble at once, since a log that is followed does not end.
    mutating func show(_ progress: LogObserver.Progress) {
        for unreadable in progress.tally.unreadable where reasons.insert(unreadable.reason).inserted {
            StandardError.print(
                """
                notafter: line \(unreadable.firstNumber) is \(unreadable.reason.clause): \
                \(TerminalText.escaped(unreadable.firstText))
                """)
        }
        if let failure = progress.failure, failure != self.failure {
            StandardError.print("notafter: \(failure); tries again")
        }
        failure = progress.failure
        if progress.outcome.overLimit > 0, !isOverLimit {
            isOverLimit = true
            StandardError.print("notafter: not all certificates are watched: observed.limit is reached")
        }
    }
}
