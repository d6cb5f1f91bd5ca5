import Certificates
import ExpiryRules
import Verification

/// Certificates and lists as lines for people, the most urgent last, with one line for each however many places show
/// it.
///
/// It keeps only what a line shows, some 250 bytes, since there may be hundreds of thousands.
struct CertificateTable {
    fileprivate struct Row {
        var state: CertificateState
        let expiry: Instant
        let kind: String
        let name: String
        let timeLeft: String
        let date: String
        let place: String
        var places = 1
        var remarks: [String]
        var codes: [FindingCode]
    }

    private let order: ListingOrder
    private var rows: [Row] = []
    /// By the first half of the fingerprint, since 128 bits of a SHA-256 do not collide in practice.
    private var indices: [UInt128: Int] = [:]

    init(sortedBy order: ListingOrder = .expiry) {
        self.order = order
    }

    /// Adds a place: a new line, or a further place of an existing line.
    mutating func add(_ status: WatchedStatus) {
        let key = status.object.fingerprint.half
        if let index = indices[key] {
            rows[index].places += 1
            return
        }
        indices[key] = rows.count
        rows.append(Row(status))
    }

    /// Adds a finding to a line.
    ///
    /// - Parameters:
    ///   - code: of the finding.
    ///   - severity: how much it counts; `info` if it is ignored.
    ///   - fingerprint: of the certificate or list.
    /// - Returns: the state of the line before and after; nil where there is no such line.
    mutating func add(
        _ code: FindingCode, counting severity: Severity, to fingerprint: Fingerprint
    ) -> (before: CertificateState, after: CertificateState)? {
        guard let index = indices[fingerprint.half] else { return nil }
        let before = rows[index].state
        if !rows[index].codes.contains(code) { rows[index].codes.append(code) }
        rows[index].state = before.raised(by: severity)
        return (before, rows[index].state)
    }

    /// The lines, in columns.
    func lines(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for row in rows.sorted(by: { order.isSorted($0.order, before: $1.order) }) {
            table.append(row.cells(on: terminal))
        }
        return table.lines.map { "  " + $0 }
    }
}

extension CertificateTable.Row {
    fileprivate init(_ status: WatchedStatus) {
        let fullName = status.object.name
        state = status.state
        expiry = status.effectiveExpiry ?? .noWellDefinedExpiry
        kind = status.kind.rawValue
        name = fullName.utf8.count > 48 && fullName.count > 48 ? fullName.prefix(47) + "…" : fullName
        timeLeft = status.timeLeft
        date = status.effectiveExpiry?.date ?? status.object.validity.expiry.word
        place = status.location.description
        remarks = status.remarks
        codes = status.findings.map(\.code).filter { $0.severity > .info }
    }

    fileprivate var order: ListingOrder.Key {
        ListingOrder.Key(expiry: expiry, state: state, kind: kind, name: name, place: place)
    }

    fileprivate func cells(on terminal: Terminal) -> [TextTable.Cell] {
        let state = state
        let notes = remarks + (codes.isEmpty ? [] : [codes.map(\.rawValue).joined(separator: ", ")])
        let cell = ([place + (places > 1 ? " (+\(places - 1))" : "")] + notes.map { "(\($0))" }).joined(separator: " ")
        return [
            TextTable.Cell(state.rawValue.replacing("_", with: " ")) { terminal.coloured($0, as: state) },
            TextTable.Cell(kind), TextTable.Cell(name), TextTable.Cell(timeLeft), TextTable.Cell(date),
            TextTable.Cell(cell),
        ]
    }
}

extension Fingerprint {
    /// Its first 128 bits.
    var half: UInt128 { bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) } }
}

extension WatchedStatus {
    /// Remarks that neither the columns nor the findings show.
    fileprivate var remarks: [String] {
        [
            isReplaced ? "replaced by its successor" : nil,
            earlyEnd.map { "ends with \($0.culprit.clause)" },
            absentSince.map { "missing since \($0)" },
        ].compactMap(\.self)
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
