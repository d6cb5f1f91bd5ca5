import Certificates
import ExpiryRules
import LedgerStorage

/// What the list of certificates shows, as its address has it.
package struct CertificateQuery: Hashable, Sendable {
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

        var states: Set<CertificateState> {
            switch self {
            case .one(let state): [state]
            case .notOK: Set(CertificateState.allCases).subtracting([.ok])
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

    /// The same query for the page that begins after `position`; nil for the first page.
    func page(after position: ExpiryPosition?) -> CertificateQuery {
        var query = self
        query.after = position
        return query
    }

    /// The filter at `now`; its owner and registration may have `*` and `?`, as those of `notafter list`.
    func filter(at now: Instant) -> CertificateFilter {
        var filter = CertificateFilter()
        filter.beginning = from
        filter.deadline = [within.map { now + .days(Int64($0)) }, until.map { $0 - TimeSpan(seconds: 1) }]
            .compactMap(\.self).min()
        filter.states = state?.states ?? []
        filter.kinds = role.map { [SelectedKind($0)] } ?? []
        let matchers = [
            owner.map { NoticeMatcher(.owner, [NamePattern($0)]) },
            registration.map { NoticeMatcher(.registration, [NamePattern($0)]) },
            label.flatMap(Self.matcher(ofLabel:)),
        ].compactMap(\.self)
        filter.registrations = matchers.isEmpty ? nil : NoticeMatchers(matchers)
        return filter
    }

    private static func matcher(ofLabel text: String) -> NoticeMatcher? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? NoticeMatcher(.label(parts[0]), [NamePattern(parts[1])]) : nil
    }

    /// What the ledger reads. The filter decides on each entry that it finds.
    func selection(_ plan: WatchPlan, at now: Instant) -> PageSelection {
        let filter = filter(at: now)
        var selection = PageSelection()
        selection.text = text ?? ""
        if state != nil { selection.budget = Self.stateBudget }
        selection.until = filter.deadline
        selection.after = [from.flatMap(Self.position(before:)), after].compactMap(\.self).max {
            $0.seconds < $1.seconds
        }
        selection.registrations = filter.candidates(among: plan.registrations).map { $0.map(\.name) }
        return selection
    }

    /// The last position before an instant.
    private static func position(before instant: Instant) -> ExpiryPosition? {
        Fingerprint(bytes: [UInt8](repeating: 0xFF, count: 32)).map {
            ExpiryPosition(seconds: instant.seconds - 1, fingerprint: $0)
        }
    }
}

extension PageEntry {
    /// What filters compare of it.
    func item(_ plan: WatchPlan, at now: Instant) -> SelectedItem {
        let codes = flaws.map(\.code)
        return SelectedItem(
            object, ending: standing.endByAuthorities(of: object.validity),
            in: plan.state(of: object, standing, findings: codes, at: now), with: Set(codes),
            seenBy: watchers.compactMap(plan.registration(named:)))
    }
}
