import Certificates
import ExpiryRules

/// The output of `check` for people and monitoring systems.
struct CheckReport {
    /// Which certificates and lists get a line of their own.
    enum Selection {
        /// Those that are not ok.
        case notOK
        case all

        /// Whether a certificate or list gets a line.
        func takes(_ status: WatchedStatus) -> Bool {
            switch self {
            case .all: true
            case .notOK: status.state != .ok
            }
        }
    }

    var summary: ListingSummary
    var table: CertificateTable
    /// How many of the objects in `summary` have a line.
    var listedCount = 0
    var defects: [DefectObject]
    var findings: [StandingFinding]
    /// The codes that `--ignore` names.
    let ignored: Set<FindingCode>

    var status: NagiosStatus { .of(summary, findings, ignoring: ignored) }

    /// The lines below the summary: certificates, the number of unlisted ones, defects, and findings.
    func lines(on terminal: Terminal) -> [String] {
        let unlisted = summary.places - listedCount
        let remainder = "  \(terminal.coloured("ok", isGood: true))  \(unlisted) not listed; --all lists them"
        return (unlisted > 0 ? [remainder] : []) + table.lines(on: terminal) + defects.map(\.line)
            + findings.map { $0.line(on: terminal) }
    }
}
