import Certificates
import ExpiryRules
import LedgerStorage

/// The list of certificates and lists, beginning with the one that ends first.
struct CertificatesPage {
    let content: PageContent

    init(_ context: PageContext, query: CertificateQuery) async throws {
        let (plan, now, words) = (context.settings.plan, context.now, context.words)
        let (selection, wanted) = (query.selection(plan, at: now), query.filter(at: now))
        let page = try await context.ledger.page(selection) { entry in
            wanted.takes(entry.item(plan, at: now))
        }
        let (next, unsearched) = Self.rest(of: page, query, selection.budget, words)
        let title = words.word(query.role == .ca ? "CAs" : "Certificates")
        content = PageContent(
            template: .certificates, title: title,
            values: [
                "rows": .list(page.entries.map { EntryFacts(entry: $0, context: context).values }),
                "hasRows": .flag(!page.entries.isEmpty), "choices": .list(Self.choices(query, context)),
                "label": .text(query.label ?? ""), "within": .text(query.within.map(String.init) ?? ""),
                "isFiltered": .flag(query.isFiltering),
                "unknown": .texts(query.unknown.map { Self.sentence(onUnknown: $0, words) }),
                "unsearched": .text(unsearched), "nextPage": .text(next),
                "firstPage": .text(
                    query.after == nil ? "" : PageAddress.certificates(query.page(after: nil)).relativePath),
            ])
    }

    private static func sentence(onUnknown parameter: String, _ words: Words) -> String {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return words(CertificatePhrase.unknownChoice(key: parts[0], value: parts.last ?? ""))
    }

    private static func rest(
        of page: CertificatePage, _ query: CertificateQuery, _ budget: Int, _ words: Words
    ) -> (next: String, unsearched: String) {
        func address(_ position: ExpiryPosition) -> String {
            PageAddress.certificates(query.page(after: position)).relativePath
        }
        switch page.rest {
        case .nothing: return ("", "")
        case .page(let position): return (address(position), "")
        case .unsearched(let position):
            return (address(position), words(CountPhrase.searched(budget)))
        }
    }

    /// The lists of the form: what can be chosen, and what is.
    private static func choices(_ query: CertificateQuery, _ context: PageContext) -> [PageValues] {
        let registrations = context.settings.plan.registrations
        let owners = Set(registrations.compactMap(\.owner)).sorted().map { ($0, $0) }
        let roles = Role.allCases.map { ($0.rawValue, context.word($0.rawValue)) }
        let states = CertificateQuery.StateChoice.allCases.map { ($0.text, context.word($0.text)) }
        return [
            choice("State", "state", states, query.state?.text, context),
            choice("Role", "role", roles, query.role?.rawValue, context),
            choice("Owner", "owner", owners, query.owner, context),
            choice(
                "Registration", "registration", registrations.map { ($0.name, $0.name) }, query.registration, context),
        ]
    }

    private static func choice(
        _ name: String, _ key: String, _ options: [(value: String, name: String)], _ chosen: String?,
        _ context: PageContext
    ) -> PageValues {
        [
            "choiceName": .text(context.words.word(name)), "choiceKey": .text(key),
            "options": .list(
                options.map { option in
                    [
                        "optionValue": .text(option.value), "optionName": .text(option.name),
                        "isChosen": .flag(option.value == chosen),
                    ]
                }),
        ]
    }
}
