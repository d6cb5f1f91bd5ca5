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

    /// Prints the error and ends the process. For `check`, a code that Nagios does not know becomes 3, "unknown".
    static func end(with error: any Error, arguments: [String]) -> Never {
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
            code = report(error)
        }
        let isPluginStatus = error is NagiosStatus && (try? StandardOutput.flush()) != nil
        exit(isCheck && code != 0 && !isPluginStatus ? NagiosStatus.unknown.rawValue : code)
    }

    /// Help and version go to stdout and are not errors. The code of a usage error is ArgumentParser's 64.
    private static func report(_ error: any Error) -> Int32 {
        let code = Notafter.exitCode(for: error).rawValue
        let message = Notafter.fullMessage(for: error)
        if code == 0 {
            print(message)
        } else {
            StandardError.print(lines: message.components(separatedBy: "\n"))
        }
        return code
    }
}

/// The exit codes of `verify`.
enum VerificationStatus: Int32, Error {
    /// A check failed.
    case refused = 2
    /// There is no certificate to verify, or nothing to verify it with.
    case nothingToJudge = 3
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
