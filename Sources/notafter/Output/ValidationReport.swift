import Certificates
import Configuration
import Monitor

/// The result of `config validate`.
struct ValidationReport: Encodable {
    /// A problem in JSON. A problem in the configuration has line and column; one in a file that it names has not.
    struct Remark: Encodable {
        let file: String
        let line: Int?
        let column: Int?
        /// The keys that lead to the value.
        let path: String
        let message: String

        /// `file:line:column: path: message`, or `path: file: message` without a line.
        var text: String {
            guard let line, let column else { return "\(path): \(file): \(message)" }
            return Problem(file: file, line: line, column: column, path: path, message: message).description
        }
    }

    /// The counts of a configuration without errors.
    private struct Counts: Encodable {
        let registrations: Int
        let places: Int
        let endpoints: Int
        let receivers: Int
        let routedReceivers: Int

        enum CodingKeys: String, CodingKey {
            case registrations, places, endpoints, receivers
            case routedReceivers = "routed_receivers"
        }
    }

    private let file: String
    /// Whether there are no errors.
    let isValid: Bool
    private let dropIns: Int
    private let counts: Counts?
    /// Receivers that no route names.
    private let unrouted: [String]
    private let state: String?
    private let errors: [Remark]
    private let warnings: [Remark]

    private enum CodingKeys: String, CodingKey {
        case file, counts, state, errors, warnings
        case isValid = "valid"
        case dropIns = "drop_ins"
        case unrouted = "unrouted_receivers"
    }

    /// The report on an invalid configuration.
    init(_ file: String, _ error: ConfigurationError) {
        self.file = file
        isValid = false
        dropIns = 0
        counts = nil
        unrouted = []
        state = nil
        warnings = []
        errors = error.problems.map { Remark($0) }
    }

    /// The report on a valid configuration. Some files that it names may be unusable.
    init(
        _ file: String, _ settings: Settings, dropIns: Int, findings: [FileFinding], _ review: ConfigurationReview
    ) {
        let broken = findings.filter { $0.kind == .unusable }
        self.file = file
        self.dropIns = dropIns
        isValid = broken.isEmpty
        unrouted = settings.unroutedReceivers
        counts = Counts(
            registrations: settings.registrations.count,
            places: settings.sources.count + settings.fetchedSources.count,
            endpoints: settings.endpoints.count, receivers: settings.receivers.count,
            routedReceivers: settings.route.everybody.count)
        state = settings.stateFile
        errors = broken.map { Remark($0.problem) }
        warnings =
            findings.filter { $0.kind != .unusable }.map { Remark($0.problem) }
            + review.warnings.map { warning in
                Remark(file: warning.file, line: nil, column: nil, path: warning.key, message: warning.clause)
            }
    }

    /// One line each.
    var warningLines: [String] { warnings.map { "notafter: warning: \($0.text)" } }

    /// One line each.
    var errorLines: [String] { errors.map(\.text) }

    /// The result in five lines.
    var summary: String {
        let dropIns = dropIns == 0 ? "" : " and \(counted(dropIns, "drop-in"))"
        let verdict = warnings.isEmpty ? "fine" : "valid, with \(counted(warnings.count, "warning"))"
        let silent =
            unrouted.isEmpty
            ? "" : "; no route names \(unrouted.joined(separator: ", "))"
        guard let counts else { return "\(file)\(dropIns): \(counted(errors.count, "error"))" }
        return """
            \(file)\(dropIns): \(verdict)
              \(counted(counts.registrations, "registration")) in \(counted(counts.places, "place"))
              \(counted(counts.endpoints, "endpoint"))
              \(counted(counts.receivers, "receiver")), \(counts.routedReceivers) of them routed\(silent)
              ledger \(state ?? "")
            """
    }
}

extension ValidationReport.Remark {
    fileprivate init(_ problem: Problem) {
        self.init(
            file: problem.file, line: problem.line, column: problem.column, path: problem.path, message: problem.message
        )
    }
}
