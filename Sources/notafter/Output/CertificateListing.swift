import Certificates
import ExpiryRules
import Verification

/// A defect with its place, in JSON.
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

/// An open finding, in JSON.
struct StandingFinding: Encodable {
    let registration: String
    let code: String
    let place: String
    let severity: String
    let message: String
    /// Whether `--ignore` names its code, so that it does not affect the exit status; nil for commands without the
    /// option.
    let ignored: Bool?

    init(_ finding: Finding, ignoring codes: Set<FindingCode>? = nil) {
        registration = finding.registration
        code = finding.code.rawValue
        place = finding.place
        severity = finding.severity.rawValue
        message = finding.message
        ignored = codes?.contains(finding.code)
    }

    /// The severity, or `ignored`.
    fileprivate var word: String { ignored == true ? "ignored" : severity }
}

/// Certificates and revocation lists with their states, and what could not be read, for `check`, `list` and `scan`.
struct CertificateListing: Encodable {
    /// The most urgent last.
    private let items: [WatchedStatus]
    let defects: [DefectObject]
    /// Findings that are not about a single item.
    let findings: [StandingFinding]
    /// The codes that `--ignore` names.
    private let ignored: Set<FindingCode>
    private let order: ListingOrder
    /// What selected the items.
    let filter: CertificateFilter
    let summary: ListingSummary
    /// The active silences; nil without a ledger.
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

    /// Keeps what `filter` selects of the certificates and lists, and sorts it. `defects` and `findings` are selected
    /// already.
    init(
        _ items: [WatchedStatus], selectedBy filter: CertificateFilter = CertificateFilter(), defects: [DefectObject],
        findings: [StandingFinding] = [], ignoring codes: Set<FindingCode> = [], sortedBy order: ListingOrder = .expiry
    ) {
        var items = items
        for index in items.indices { items[index].ignored = codes }
        var summary = ListingSummary(defects: defects.count, findings: findings.count { $0.ignored != true })
        if !filter.isEmpty {
            let selected = items.filter { filter.takes($0.item) }
            let names = Set(selected.map(\.object.fingerprint))
            for item in items where !names.contains(item.object.fingerprint) { summary.leaveOut(item.object) }
            items = selected
        }
        self.items = items.map { ($0.order, $0) }.sorted { order.isSorted($0.0, before: $1.0) }.map(\.1)
        self.order = order
        self.filter = filter
        self.defects = defects
        self.findings = findings
        self.ignored = codes
        for item in items { summary.count(item.object, in: item.state, ending: item.effectiveExpiry) }
        self.summary = summary
    }

    /// The items as the lines of a table.
    var table: CertificateTable {
        var table = CertificateTable(sortedBy: order)
        for item in items { table.add(item) }
        return table
    }

    /// Unknown if nothing was read. A finding counts by its severity, unless it is ignored.
    var status: NagiosStatus { .of(summary, findings, ignoring: ignored) }

    /// Certificates, then defects, then findings.
    func lines(on terminal: Terminal) -> [String] {
        table.lines(on: terminal) + defects.map(\.line) + findings.map { $0.line(on: terminal) }
            + (silences ?? []).map { "  \(TerminalText.escaped($0.line))" }
    }

    /// The lines of all problems: certificates that are not ok, then defects, then other findings.
    func troubles(on terminal: Terminal) -> [String] {
        let report = report(listing: .notOK)
        return report.table.lines(on: terminal) + defects.map(\.line)
            + findings.filter { $0.severity != Severity.info.rawValue }.map { $0.line(on: terminal) }
    }

    /// The items that are not ok, except ignored ones, or all items.
    func report(listing selection: CheckReport.Selection) -> CheckReport {
        var report = CheckReport(
            summary: summary, table: CertificateTable(sortedBy: order), defects: defects, findings: findings,
            ignored: ignored)
        for item in items where selection.takes(item) { report.table.add(item) }
        report.listedCount = items.count { selection.takes($0) }
        return report
    }
}

extension DefectObject {
    /// For a person.
    var line: String { "  unreadable  \(TerminalText.escaped(message))" }
}

extension StandingFinding {
    /// For a person.
    func line(on terminal: Terminal) -> String {
        let isGood = ignored == true || severity == Severity.info.rawValue
        let word = terminal.coloured(word, isGood: isGood)
        return "  \(word)  \(TerminalText.escaped("\(code)  \(registration): \(message)"))"
    }
}

extension NagiosStatus {
    /// The worst of all states and findings. Unknown if nothing was read.
    static func of(
        _ summary: ListingSummary, _ findings: [StandingFinding], ignoring codes: Set<FindingCode>
    ) -> NagiosStatus {
        let isBlind = summary.defects > 0 || summary.isEmpty
        let states = summary.states.keys.filter { state in state.finding.map { !codes.contains($0) } ?? true }
        let severities = findings.filter { $0.ignored != true }.compactMap { Severity(rawValue: $0.severity) }
        return .worst(states.map(\.nagiosStatus) + severities.map(\.nagiosStatus) + (isBlind ? [.unknown] : []))
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
    /// The finding with the same meaning, whose code `--ignore` uses.
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
