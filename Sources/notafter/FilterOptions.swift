import ArgumentParser
import Certificates
import Configuration
import ExpiryRules

/// The options that select what `list` and `check` show.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Only what ends within this time (30d), or has ended.", valueName: "DURATION"),
        transform: FilterOptions.span)
    var within: TimeSpan?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only what is in this state: \(CertificateState.words); may be repeated.", valueName: "STATE"),
        transform: FilterOptions.state)
    var inState: [CertificateState] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only certificates and lists of this kind: ca, client, server, leaf or crl; may be repeated.",
            valueName: "ROLE"))
    var role: [SelectedKind] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only registrations of this owner; * stands for any characters; may be repeated.", valueName: "OWNER"))
    var owner: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only registrations with this label, as team=edge; * stands for any characters; may be repeated.",
            valueName: "NAME=VALUE"))
    var label: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only what has this finding (docs/findings.md); may be repeated.", valueName: "CODE"),
        transform: FindingCode.named)
    var finding: [FindingCode] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The order: expiry, state, name, place or kind; what is most urgent is last.", valueName: "KEY"))
    var sort: ListingOrder = .expiry

    /// Whether it asks for what only a registration has.
    var asksForRegistrations: Bool { !owner.isEmpty || !label.isEmpty }

    func validate() throws {
        _ = try people()
    }

    /// The filter at `now`, which also takes only `states` where there are any.
    ///
    /// - Throws: `ValidationError` for an owner or label that no registration has, since such a typo would hide everything.
    func filter(
        states: [CertificateState] = [], at now: Instant, among registrations: [Registration] = []
    ) throws -> CertificateFilter {
        let people = try people()
        for matcher in people?.matchers ?? [] {
            let known = Set(registrations.compactMap { $0.value(of: matcher.field) })
            for pattern in matcher.patterns where !known.contains(where: pattern.matches) {
                let names = known.isEmpty ? "none has one" : "known: \(known.sorted().joined(separator: ", "))"
                throw ValidationError(
                    TerminalText.escaped("No registration has the \(matcher.field.name) \"\(pattern)\"; \(names)."))
            }
        }
        var filter = CertificateFilter()
        filter.deadline = within.map { now + $0 }
        filter.states = Set(inState + states)
        filter.kinds = Set(role)
        filter.codes = Set(finding)
        filter.registrations = people
        return filter
    }

    /// - Throws: `ValidationError` for a label without a value.
    private func people() throws -> NoticeMatchers? {
        guard asksForRegistrations else { return nil }
        do throws(NoticeMatcherError) {
            return try NoticeMatchers(parsing: owner.map { "owner=\($0)" } + label.map { "label.\($0)" })
        } catch {
            throw ValidationError(TerminalText.escaped(error.description))
        }
    }

    /// A number without a unit means days, as in a threshold.
    private static func span(_ text: String) throws -> TimeSpan {
        let isNumber = !text.isEmpty && text.allSatisfy(\.isNumber)
        guard let span = TimeSpan(parsing: isNumber ? text + "d" : text) else {
            throw ValidationError("write a time such as 30d, 36h or 2w")
        }
        return span
    }

    /// The state that a word names.
    ///
    /// - Throws: `ValidationError` for any other word, so that a typo is noticed.
    static func state(_ text: String) throws -> CertificateState {
        guard let state = CertificateState(word: text) else {
            let hint = didYouMean(text, among: CertificateState.allCases.map(\.rawValue))
            throw ValidationError("no certificate has this state\(hint.isEmpty ? "" : hint)")
        }
        return state
    }
}

extension SelectedKind: ExpressibleByArgument {}

extension ListingOrder: ExpressibleByArgument {}

extension CertificateState {
    /// The state that a word on the command line names: `not_yet_valid` or `not-yet-valid`.
    init?(word: String) {
        self.init(rawValue: word.replacing("-", with: "_"))
    }

    /// All of them, for help.
    fileprivate static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Registration {
    /// Its value for a field of a filter.
    fileprivate func value(of field: NoticeField) -> String? {
        switch field {
        case .owner: owner
        case .label(let name): labels[name]
        case .registration, .role, .severity, .code, .endpoint, .fingerprint, .subject: nil
        }
    }
}
