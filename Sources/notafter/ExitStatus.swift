import ArgumentParser
import Configuration
import Foundation
import LedgerStorage
import Metrics

/// The exit codes of commands. `check` uses those of Nagios, `scan` those of delivery; docs/operations.md has the
/// tables.
enum ExitStatus: Int32, Error {
    case ok = 0
    /// `scan`: a delivery is still open. Other commands: they failed.
    case failure = 1
    /// `scan`: a receiver is parked or gone, or a delivery expired undelivered.
    case undelivered = 2
    /// The ledger cannot be used; nothing was sent.
    case ledgerUnusable = 3
    case configurationError = 4

    /// Prints the error and ends the process. For `check`, a code that Nagios does not know becomes 3, "unknown", and the
    /// first line of stdout says why, since Nagios reads nothing else.
    ///
    /// - Parameters:
    ///   - error: what ended the command.
    ///   - command: the command, once the arguments were parsed.
    ///   - arguments: the command line.
    static func end(with error: any Error, of command: (any ParsableCommand.Type)?, arguments: [String]) -> Never {
        let isCheck = arguments.dropFirst().first { !$0.hasPrefix("-") } == "check"
        let code: Int32
        switch error {
        case let status as ExitStatus: code = status.rawValue
        case let status as NagiosStatus: code = status.rawValue
        case let status as VerificationStatus: code = status.rawValue
        case let error as StandardOutput.NotWritten:
            StandardError.print(error.description)
            code = ExitStatus.failure.rawValue
        case let error as MetricsFileNotWritten:
            StandardError.print(error.description)
            code = ExitStatus.configurationError.rawValue
        case let error as ConfigurationError:
            StandardError.print(lines: error.problems.map(\.description))
            code = ExitStatus.configurationError.rawValue
        case let error as LedgerError:
            StandardError.print(error.description)
            code = ExitStatus.ledgerUnusable.rawValue
        default:
            code = report(error, of: command)
        }
        let isPluginStatus = error is NagiosStatus && (try? StandardOutput.flush()) != nil
        if isCheck, code != 0, !(error is NagiosStatus), !arguments.contains("--json") {
            print("UNKNOWN - \(PluginText.harmless(TerminalText.escaped(summary(of: error))))")
        }
        exit(isCheck && code != 0 && !isPluginStatus ? NagiosStatus.unknown.rawValue : code)
    }

    /// Help and version go to stdout and are not errors. The code of a usage error is ArgumentParser's 64.
    private static func report(_ error: any Error, of command: (any ParsableCommand.Type)?) -> Int32 {
        let code = error is CommandTree.UnknownCommand ? usageError : Notafter.exitCode(for: error).rawValue
        let message =
            switch error {
            case let error as CommandTree.UnknownCommand: usageMessage(error.message, of: error.parent)
            case let error as ValidationError: usageMessage(error.message, of: command ?? Notafter.self)
            default: Notafter.fullMessage(for: error)
            }
        if code == 0 {
            print(message)
        } else {
            StandardError.print(lines: message.components(separatedBy: "\n"))
        }
        return code
    }

    /// EX_USAGE of sysexits.h, as ArgumentParser has it.
    private static let usageError: Int32 = 64

    /// The message with the usage of the command that it is about.
    private static func usageMessage(_ message: String, of command: any ParsableCommand.Type) -> String {
        let help = "  See '\(CommandTree.words(of: command)) --help' for more information."
        return "Error: \(message)\nUsage: \(Notafter.usageString(for: command))\n\(help)"
    }

    /// What went wrong, in one line.
    private static func summary(of error: any Error) -> String {
        let text =
            switch error {
            case let error as ConfigurationError:
                error.problems.first.map(\.description) ?? "the configuration has errors"
            case let error as ValidationError: error.message
            case let error as CommandTree.UnknownCommand: error.message
            case let error as LedgerError: error.description
            case let error as StandardOutput.NotWritten: error.description
            default: Notafter.message(for: error)
            }
        return text.split(separator: "\n").first.map(String.init) ?? "the command failed"
    }
}

/// The exit codes of `verify`.
enum VerificationStatus: Int32, Error {
    /// A check failed.
    case refused = 2
    /// There is no certificate to verify, or nothing to verify it with.
    case nothingToVerify = 3
}

/// The exit codes of monitoring plugins.
enum NagiosStatus: Int32, Error {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    var word: String {
        switch self {
        case .ok: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        case .unknown: "UNKNOWN"
        }
    }

    /// In descending order of severity: 2, 3, 1, 0.
    private static let worstFirst: [NagiosStatus] = [.critical, .unknown, .warning, .ok]

    /// The worst of `statuses`; ok for none.
    static func worst(_ statuses: some Sequence<NagiosStatus>) -> NagiosStatus {
        let present = Set(statuses)
        return worstFirst.first(where: present.contains) ?? .ok
    }
}
