import Certificates
import ExpiryRules
import Verification

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

/// A present problem, as the JSON has it.
struct StandingFinding: Encodable {
    let registration: String
    let code: String
    let place: String
    let severity: String
    let message: String
    /// Whether `--ignore` named its code, so that it changes no exit status; nil where nothing can be ignored.
    let ignored: Bool?

    init(_ finding: Finding, ignoring codes: Set<FindingCode>? = nil) {
        registration = finding.registration
        code = finding.code.rawValue
        place = finding.place
        severity = finding.severity.rawValue
        message = finding.message
        ignored = codes?.contains(finding.code)
    }

    /// The severity, or that it does not count.
    fileprivate var word: String { ignored == true ? "ignored" : severity }
}

/// Certificates and revocation lists with their standing, and what could not be read: what `check`, `list` and `scan` show.
struct CertificateListing: Encodable {
    /// The most urgent last.
    private let items: [WatchedStatus]
    let defects: [DefectObject]
    /// What is wrong besides.
    let findings: [StandingFinding]
    /// What `--ignore` named.
    private let ignored: Set<FindingCode>
    let summary: Summary
    /// Those that hold now; nil for a look without memory.
    var silences: [SilenceObject]?

    private enum CodingKeys: String, CodingKey {
        case certificates, defects, findings, summary, silences
        case revocationLists = "revocation_lists"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items.filter { $0.object.kind == .certificate }, forKey: .certificates)
        try container.encode(items.filter { $0.object.kind == .revocationList }, forKey: .revocationLists)
        try container.encode(defects, forKey: .defects)
        try container.encode(findings, forKey: .findings)
        try container.encode(summary, forKey: .summary)
        try container.encodeIfPresent(silences, forKey: .silences)
    }

    /// How many certificates and lists are in each state.
    struct Summary: Encodable {
        let states: [CertificateState: Int]
        let certificates: Int
        let revocationLists: Int
        let defects: Int
        let findings: Int

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            var counts = Dictionary(
                uniqueKeysWithValues: CertificateState.allCases.map { ($0.rawValue, states[$0] ?? 0) })
            counts["certificates"] = certificates
            counts["revocation_lists"] = revocationLists
            counts["defects"] = defects
            counts["findings"] = findings
            try container.encode(counts)
        }

        /// `3 certificates: 1 ok, 1 warning, 1 critical`
        var text: String {
            let counts = CertificateState.allCases.compactMap { state in
                states[state].map { "\($0) \(state.rawValue.replacing("_", with: " "))" }
            }
            let unreadable = defects == 0 ? "" : "; \(defects) could not be read"
            let problems = findings == 0 ? "" : "; \(counted(findings, "finding"))"
            let lists = revocationLists == 0 ? "" : " and \(counted(revocationLists, "revocation list"))"
            let total = counted(certificates, "certificate") + lists + (counts.isEmpty ? "" : ": ")
            return total + counts.joined(separator: ", ") + unreadable + problems
        }
    }

    /// Sorts the most urgent to the end, where the eye is on a terminal.
    init(
        _ items: [WatchedStatus], defects: [DefectObject], findings: [StandingFinding] = [],
        ignoring codes: Set<FindingCode> = []
    ) {
        self.items = items.sorted { left, right in
            (left.effectiveExpiry ?? .noWellDefinedExpiry) > (right.effectiveExpiry ?? .noWellDefinedExpiry)
        }
        self.defects = defects
        self.findings = findings
        self.ignored = codes
        self.summary = Summary(
            states: Dictionary(items.map { ($0.state, 1) }, uniquingKeysWith: +),
            certificates: items.count { $0.object.kind == .certificate },
            revocationLists: items.count { $0.object.kind == .revocationList }, defects: defects.count,
            findings: findings.count { $0.ignored != true })
    }

    /// Where nothing was seen, nothing is known to be well. A finding counts by its severity, unless it is ignored.
    var status: NagiosStatus {
        let isBlind = !defects.isEmpty || items.isEmpty
        let states = items.map(\.state).filter { state in state.finding.map { !ignored.contains($0) } ?? true }
        let severities = findings.filter { $0.ignored != true }.compactMap { Severity(rawValue: $0.severity) }
        return .worst(
            states.map(\.nagiosStatus) + severities.map(\.nagiosStatus) + (isBlind ? [.unknown] : []))
    }

    /// Certificates, then what could not be read, then what is wrong.
    func lines(on terminal: Terminal) -> [String] {
        tableLines(on: terminal) + defectLines()
            + findings.map { finding in
                let isGood = finding.ignored == true || finding.severity == Severity.info.rawValue
                let word = terminal.coloured(finding.word, isGood: isGood)
                let text = "\(finding.code)  \(finding.registration): \(finding.message)"
                return "  \(word)  \(TerminalText.escaped(text))"
            }
            + (silences ?? []).map { "  \(TerminalText.escaped($0.line))" }
    }

    /// One line a certificate or list, however many places show it.
    private func tableLines(on terminal: Terminal) -> [String] {
        var table = TextTable()
        var places: [Fingerprint: Int] = [:]
        for item in items { places[item.object.fingerprint, default: 0] += 1 }
        for status in items {
            guard let count = places.removeValue(forKey: status.object.fingerprint) else { continue }
            table.append(row(of: status, places: count, on: terminal))
        }
        return table.lines.map { "  " + $0 }
    }

    private func row(of status: WatchedStatus, places: Int, on terminal: Terminal) -> [TextTable.Cell] {
        let word = status.state.rawValue.replacing("_", with: " ")
        let name = status.object.name
        return [
            TextTable.Cell(word) { terminal.coloured($0, as: status.state) },
            TextTable.Cell(status.kindWord),
            TextTable.Cell(name.count > 48 ? name.prefix(47) + "…" : name),
            TextTable.Cell(status.timeLeft),
            TextTable.Cell(status.effectiveExpiry?.date ?? status.object.validity.expiry.word),
            TextTable.Cell(
                ([status.location.description + (places > 1 ? " (+\(places - 1))" : "")]
                    + status.remarks.map { "(\($0))" }).joined(separator: " ")),
        ]
    }

    private func defectLines() -> [String] {
        defects.map { "  unreadable  \(TerminalText.escaped($0.message))" }
    }
}

extension WatchedStatus {
    /// What the columns do not show.
    fileprivate var remarks: [String] {
        let codes = findings.map(\.code).filter { $0.severity > .info }
        return [
            isReplaced ? "replaced by its successor" : nil,
            earlyEnd.map { "ends with \($0.culprit.clause)" },
            absentSince.map { "missing since \($0)" },
            codes.isEmpty ? nil : codes.map(\.rawValue).joined(separator: ", "),
        ].compactMap(\.self)
    }

    fileprivate var kindWord: String {
        switch object {
        case .certificate(let certificate): registration?.role.rawValue ?? (certificate.isCA ? "ca" : "leaf")
        case .revocationList: "crl"
        }
    }

    /// `29 days`, `2 days ago`, `in 3 days` for one that is not valid yet.
    fileprivate var timeLeft: String {
        guard let secondsLeft else { return "" }
        let text = "\(CountedTime(TimeSpan(seconds: secondsLeft)))"
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

extension Severity {
    fileprivate var nagiosStatus: NagiosStatus {
        switch self {
        case .info: .ok
        case .warning: .warning
        case .critical: .critical
        }
    }
}

extension CertificateState {
    /// The finding that says the same, under whose code `--ignore` knows it.
    fileprivate var finding: FindingCode? {
        switch self {
        case .ok, .warning, .critical: nil
        case .expired: .expired
        case .notYetValid: .notYetValid
        }
    }

    var nagiosStatus: NagiosStatus {
        switch self {
        case .ok: .ok
        case .warning: .warning
        case .critical, .expired, .notYetValid: .critical
        }
    }
}
