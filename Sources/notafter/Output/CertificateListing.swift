import Certificates
import ExpiryRules
import LedgerStorage

/// A defect with its place, as the JSON has it.
struct DefectObject: Encodable {
    let path: String
    let reason: String
    let message: String

    init(path: String, _ defect: Defect) {
        self.path = path
        self.reason = defect.reason.rawValue
        self.message = defect.message
    }
}

/// Certificates with their standing, and what could not be read: what `check`, `list` and `scan` show.
struct CertificateListing: Encodable {
    private(set) var certificates: [CertificateStatus]
    let defects: [DefectObject]
    let summary: Summary

    /// How many certificates are in each state.
    struct Summary: Encodable {
        let states: [CertificateState: Int]
        let defects: Int

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            var counts = Dictionary(
                uniqueKeysWithValues: CertificateState.allCases.map { ($0.rawValue, states[$0] ?? 0) })
            counts["certificates"] = states.values.reduce(0, +)
            counts["defects"] = defects
            try container.encode(counts)
        }

        /// `3 certificates: 1 ok, 1 warning, 1 critical`
        var text: String {
            let total = states.values.reduce(0, +)
            let counts = CertificateState.allCases.compactMap { state in
                states[state].map { "\($0) \(state.rawValue.replacing("_", with: " "))" }
            }
            let certificates = total == 1 ? "1 certificate" : "\(total) certificates"
            let unreadable = defects == 0 ? "" : "; \(defects) could not be read"
            return certificates + (counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")) + unreadable
        }
    }

    /// Sorts the most urgent to the end, where the eye is on a terminal.
    init(certificates: [CertificateStatus], defects: [DefectObject]) {
        self.certificates = certificates.sorted { left, right in
            (left.effectiveExpiry ?? .noWellDefinedExpiry) > (right.effectiveExpiry ?? .noWellDefinedExpiry)
        }
        self.defects = defects
        self.summary = Summary(
            states: Dictionary(certificates.map { ($0.state, 1) }, uniquingKeysWith: +), defects: defects.count)
    }

    var status: NagiosStatus {
        .worst(certificates.map(\.state.nagiosStatus) + (defects.isEmpty ? [] : [.unknown]))
    }

    /// One line a certificate, however many places show it.
    func tableLines(on terminal: Terminal) -> [String] {
        var table = TextTable()
        var places: [Fingerprint: Int] = [:]
        for certificate in certificates { places[certificate.certificate.fingerprint, default: 0] += 1 }
        for status in certificates {
            guard let count = places.removeValue(forKey: status.certificate.fingerprint) else { continue }
            table.append(row(of: status, places: count, on: terminal))
        }
        return table.lines.map { "  " + $0 }
    }

    private func row(of status: CertificateStatus, places: Int, on terminal: Terminal) -> [TextTable.Cell] {
        let word = status.state.rawValue.replacing("_", with: " ")
        let kind = status.registration?.role.rawValue ?? (status.certificate.isCA ? "ca" : "leaf")
        let subject = status.certificate.subject.isEmpty ? "(no subject)" : status.certificate.subject
        return [
            TextTable.Cell(word) { terminal.coloured($0, as: status.state) },
            TextTable.Cell(kind),
            TextTable.Cell(String(subject.prefix(48))),
            TextTable.Cell(status.timeLeft),
            TextTable.Cell(status.effectiveExpiry?.date ?? status.certificate.validity.expiry.word),
            TextTable.Cell(status.location.description + (places > 1 ? " (+\(places - 1))" : "")),
        ]
    }

    func defectLines() -> [String] {
        defects.map { "  unreadable  \(TerminalText.escaped($0.message))" }
    }
}

extension CertificateStatus {
    /// `29 days`, `2 days ago`, `in 3 days` for one that is not valid yet.
    fileprivate var timeLeft: String {
        guard let secondsLeft else { return "" }
        let left = TimeSpan(seconds: abs(secondsLeft))
        let days = secondsLeft < 0 ? left.seconds / 86_400 : left.daysRoundedUp
        let text = days == 1 ? "1 day" : "\(days) days"
        return secondsLeft < 0 ? "\(text) ago" : text
    }
}

extension Expiry {
    fileprivate var word: String {
        switch self {
        case .at(let instant): instant.date
        case .never: "never"
        case .unreadable: "unreadable"
        }
    }
}

extension CertificateState {
    var nagiosStatus: NagiosStatus {
        switch self {
        case .ok: .ok
        case .warning: .warning
        case .critical, .expired, .notYetValid: .critical
        }
    }
}
