import Monitor

/// What an edge reported, in JSON and as text.
struct ObservedObject: Encodable {
    private struct Unreadable: Encodable {
        let reason: String
        let count: Int
        let firstLine: Int
        let firstText: String

        private enum CodingKeys: String, CodingKey {
            case reason, count
            case firstLine = "first_line"
            case firstText = "first_text"
        }
    }

    let edge: String
    private let linesRead: Int
    private let uses: Int
    private let newCertificates: Int
    private let withoutCertificate: Int
    private let notAccepted: Int
    private let overLimit: Int
    private let outdated: Int
    private let unreadable: [Unreadable]

    private enum CodingKeys: String, CodingKey {
        case edge, uses, outdated, unreadable
        case linesRead = "lines"
        case newCertificates = "new_certificates"
        case withoutCertificate = "without_certificate"
        case notAccepted = "not_accepted"
        case overLimit = "over_limit"
    }

    init(_ progress: LogObserver.Progress, edge: String) {
        self.edge = edge
        linesRead = progress.tally.lines
        uses = progress.tally.uses
        newCertificates = progress.outcome.newCertificates
        withoutCertificate = progress.tally.withoutCertificate
        notAccepted = progress.tally.notAccepted
        overLimit = progress.outcome.overLimit
        outdated = progress.outcome.outdated
        unreadable = progress.tally.unreadable.map {
            Unreadable(reason: $0.reason.rawValue, count: $0.count, firstLine: $0.firstNumber, firstText: $0.firstText)
        }
    }

    /// For a person.
    var lines: [String] {
        let counts = [
            (withoutCertificate, "without a certificate"), (notAccepted, "with one that the edge did not accept"),
            (unreadable.reduce(0) { $0 + $1.count }, "unreadable"),
        ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
        let details = counts.isEmpty ? "" : "; \(counts.joined(separator: ", "))"
        return ["\(edge): \(linesRead) lines, \(uses) uses, \(newCertificates) new\(details)"]
    }
}
