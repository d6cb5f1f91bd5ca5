import Certificates
import ExpiryRules
import LedgerStorage

/// What the list of certificates shows, as its address has it.
package struct CertificateFilter: Hashable, Sendable {
    /// The states to show.
    enum StateChoice: Hashable, Sendable {
        case one(CertificateState)
        /// Everything that is not ok.
        case notOK

        static let allCases = CertificateState.allCases.map(StateChoice.one) + [.notOK]

        init?(_ text: String) {
            guard let choice = Self.allCases.first(where: { $0.text == text }) else { return nil }
            self = choice
        }

        var text: String {
            switch self {
            case .one(let state): state.rawValue
            case .notOK: "not_ok"
            }
        }

        func takes(_ state: CertificateState) -> Bool {
            switch self {
            case .one(let wanted): state == wanted
            case .notOK: state != .ok
            }
        }
    }

    /// The longest text and the largest number of days that are read.
    private static let longestText = 200
    private static let mostDays = 36_500
    /// How many entries are read for a page with a filter by state, which depends on the facts of each.
    private static let stateBudget = 3_000

    var role: Role?
    var owner: String?
    var registration: String?
    /// `key=value`.
    var label: String?
    var state: StateChoice?
    var text: String?
    /// Only what ends within so many days from now, or has ended.
    var within: Int?
    /// Only what ends in this second or later, and before `until`.
    var from: Instant?
    var until: Instant?
    /// The page begins after this one.
    var after: ExpiryPosition?
    /// The parameters with a value that is not known, which are left out.
    private(set) var unknown: [String] = []

    package init() {}

    init(_ query: PageQuery) {
        func take<Value>(_ name: String, _ read: (String) -> Value?) -> Value? {
            guard let text = query[name] else { return nil }
            if let value = read(String(text.prefix(Self.longestText))) { return value }
            unknown.append("\(name)=\(text.prefix(Self.longestText))")
            return nil
        }
        role = take("role", Role.init)
        owner = take("owner") { $0 }
        registration = take("registration") { $0 }
        label = take("label") { $0.contains("=") ? $0 : nil }
        state = take("state", StateChoice.init)
        text = take("text") { $0 }
        within = take("within") { text in Int(text).flatMap { (0...Self.mostDays).contains($0) ? $0 : nil } }
        from = take("from", Self.date)
        until = take("until", Self.date)
        after = take("after", Self.position)
    }

    /// Reads `2026-12-21` as the first second of the day in UTC.
    private static func date(_ text: String) -> Instant? { Instant(rfc3339: text + "T00:00:00Z") }

    /// Reads `1797908400-<fingerprint>`.
    private static func position(_ text: String) -> ExpiryPosition? {
        guard let dash = text.lastIndex(of: "-"), let seconds = Int64(text[..<dash]),
            let fingerprint = Fingerprint(hexadecimal: String(text[text.index(after: dash)...]))
        else { return nil }
        return ExpiryPosition(seconds: seconds, fingerprint: fingerprint)
    }

    /// The parameters of the query, also those without a value.
    var parameters: [(name: String, value: String)] {
        [
            ("role", role?.rawValue), ("owner", owner), ("registration", registration), ("label", label),
            ("state", state?.text), ("text", text), ("within", within.map(String.init)), ("from", from?.date),
            ("until", until?.date), ("after", after.map { "\($0.seconds)-\($0.fingerprint)" }),
        ].map { ($0, $1 ?? "") }
    }

    /// Whether it leaves anything out.
    var isFiltering: Bool { parameters.contains { $0.name != "after" && !$0.value.isEmpty } }

    /// The same filter for the page that begins after `position`; nil for the first page.
    func page(after position: ExpiryPosition?) -> CertificateFilter {
        var filter = self
        filter.after = position
        return filter
    }

    /// What the ledger reads.
    func selection(_ plan: WatchPlan, at now: Instant) -> PageSelection {
        var selection = PageSelection()
        selection.text = text ?? ""
        if state != nil { selection.budget = Self.stateBudget }
        let ends = [within.map { now + .days(Int64($0)) }, until.map { $0 - TimeSpan(seconds: 1) }]
        selection.until = ends.compactMap(\.self).min()
        selection.after = [from.flatMap(Self.position(before:)), after].compactMap(\.self).max {
            $0.seconds < $1.seconds
        }
        // A list is at places of any role, so that only its kind decides.
        guard (role ?? .revocationList) != .revocationList || owner != nil || registration != nil || label != nil else {
            return selection
        }
        selection.registrations = plan.registrations.filter(takes).map(\.name)
        return selection
    }

    /// The last position before an instant.
    private static func position(before instant: Instant) -> ExpiryPosition? {
        Fingerprint(bytes: [UInt8](repeating: 0xFF, count: 32)).map {
            ExpiryPosition(seconds: instant.seconds - 1, fingerprint: $0)
        }
    }

    private func takes(_ registration: Registration) -> Bool {
        let labels = Set(registration.labels.map { "\($0)=\($1)" })
        return (role == nil || role == .revocationList || registration.role == role)
            && (owner == nil || registration.owner == owner)
            && (self.registration == nil || registration.name == self.registration)
            && (label.map(labels.contains) ?? true)
    }

    /// Whether an entry in `entryState` is shown.
    func takes(_ entry: PageEntry, in entryState: CertificateState) -> Bool {
        guard state?.takes(entryState) ?? true else { return false }
        return switch role {
        case nil: true
        case .revocationList: entry.object.kind == .revocationList
        case .ca, .client, .server: entry.object.kind == .certificate
        }
    }
}
