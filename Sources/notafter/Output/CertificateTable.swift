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
        var name: String
        let timeLeft: String
        let date: String
        var place: String
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

    /// The lines, in columns. On a terminal they fit its width: first names give way, then the start of places.
    func lines(on terminal: Terminal) -> [String] {
        let rows = shortened(rows, for: terminal)
        var table = TextTable()
        for row in rows.sorted(by: { order.isSorted($0.order, before: $1.order) }) {
            table.append(row.cells(on: terminal))
        }
        return table.lines.map { "  " + $0 }
    }

    /// The worst line in one clause: `CN=sensor-3 2 days ago, 2026-11-19, at pki/sensor-3.pem`; nil without lines.
    var worst: String? {
        rows.min { ListingOrder.state.isSorted($1.order, before: $0.order) }.map { row in
            let time = [row.timeLeft, row.date].filter { !$0.isEmpty }.joined(separator: ", ")
            return
                "\(TerminalText.escaped(row.name)) \(time), at \(([row.place] + row.codeNotes).joined(separator: " "))"
        }
    }

    private static let shortestName = 12
    private static let shortestPlace = 12
    /// The width of a name where there is no terminal.
    private static let usualName = 48

    private func shortened(_ rows: [Row], for terminal: Terminal) -> [Row] {
        guard !terminal.namesAreWhole else { return rows }
        guard let width = terminal.width else { return rows.map { $0.named(within: Self.usualName) } }
        func widest(_ text: (Row) -> String) -> Int { rows.map { DisplayWidth.columns(of: text($0)) }.max() ?? 0 }
        // Six columns with two spaces before each.
        let fixed = widest(\.state.rawValue) + widest(\.kind) + widest(\.timeLeft) + widest(\.date) + 6 * 2
        let room = max(width - fixed, Self.shortestName + Self.shortestPlace)
        let place = widest { $0.placeCell }
        let name = min(max(room - place, Self.shortestName, room / 3), widest { TerminalText.escaped($0.name) })
        return rows.map { $0.named(within: name).placed(within: room - name) }
    }
}

extension CertificateTable.Row {
    fileprivate init(_ status: WatchedStatus) {
        state = status.state
        expiry = status.effectiveExpiry ?? .noWellDefinedExpiry
        kind = status.kind.rawValue
        name = status.object.name
        timeLeft = status.timeLeft
        date = status.effectiveExpiry?.date ?? status.object.validity.expiry.word
        place = TerminalText.escaped(status.location.description)
        remarks = status.remarks
        codes = status.findings.map(\.code).filter { $0.severity > .info }
    }

    fileprivate var order: ListingOrder.Key {
        ListingOrder.Key(expiry: expiry, state: state, kind: kind, name: name, place: place)
    }

    /// The place, how many more there are, and what else there is to say.
    fileprivate var placeCell: String { ([place] + notes).joined(separator: " ") }

    private var notes: [String] {
        (places > 1 ? ["(+\(places - 1))"] : []) + remarks.map { "(\($0))" }
            + codeNotes
    }

    fileprivate var codeNotes: [String] {
        codes.isEmpty ? [] : ["(\(codes.map(\.rawValue).joined(separator: ", ")))"]
    }

    /// The name in at most so many columns: its Common Name, or else its start.
    fileprivate func named(within columns: Int) -> Self {
        guard DisplayWidth.columns(of: TerminalText.escaped(name)) > columns else { return self }
        var row = self
        row.name = ShortName.of(name, within: columns)
        return row
    }

    /// The end of the place, so that the line fits. The notes stay whole.
    fileprivate func placed(within columns: Int) -> Self {
        let excess = DisplayWidth.columns(of: placeCell) - columns
        guard excess > 0 else { return self }
        var row = self
        let width = DisplayWidth.columns(of: place)
        row.place = DisplayWidth.end(of: place, within: max(width - excess, min(width, 8)))
        return row
    }

    fileprivate func cells(on terminal: Terminal) -> [TextTable.Cell] {
        let state = state
        let cell = placeCell
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
            lastUsed.map { "last used \($0)" },
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
