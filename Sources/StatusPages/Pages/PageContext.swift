import Certificates
import ExpiryRules
import LedgerStorage

/// What all pages are made from.
struct PageContext: Sendable {
    let ledger: Ledger
    let settings: SiteSettings
    let words: Words
    let now: Instant

    /// The values of the frame around each page.
    func shared(by address: PageAddress?, title: String) -> PageValues {
        var searched = ""
        if case .certificates(let query) = address { searched = query.text ?? "" }
        return [
            "language": .text(words.language.rawValue), "title": .text(title), "root": .text(address?.root ?? "./"),
            "tabs": .list(Tab.allCases.map { $0.values(for: address, words) }), "searched": .text(searched),
            "version": .text(settings.version), "asOf": .text("\(now)"),
        ]
    }

    /// A date with its distance from now.
    func time(_ instant: Instant) -> PageValues {
        [
            "instant": .text("\(instant)"), "date": .text(instant.date),
            "distance": .text(words(Distance(from: now, to: instant))),
        ]
    }

    func time(_ instant: Instant?) -> PageValues.Value { .group(optional: instant.map(time)) }

    func mark(_ mark: StateMark) -> PageValues.Value { .group(mark.values(words)) }

    /// A stored word, such as `not_sent`, for people.
    func word(_ stored: String) -> String { words.word(stored.replacing("_", with: " ")) }
}

/// A page that the navigation leads to.
private enum Tab: String, CaseIterable {
    case overview = "Overview"
    case certificates = "Certificates"
    case authorities = "CAs"
    case endpoints = "Endpoints"
    case deliveries = "Deliveries"
    case silences = "Silences"
    case health = "Health"

    private var address: PageAddress {
        switch self {
        case .overview: .overview
        case .certificates: .certificates(CertificateQuery())
        case .authorities: .certificates(Self.authorityQuery)
        case .endpoints: .endpoints(after: "")
        case .deliveries: .deliveries(.all, before: nil)
        case .silences: .silences
        case .health: .health
        }
    }

    private static var authorityQuery: CertificateQuery {
        var query = CertificateQuery()
        query.role = .ca
        return query
    }

    /// The tab of an address; nil for an address that there is not.
    private init?(_ address: PageAddress?) {
        switch address {
        case .overview: self = .overview
        case .certificates(let query): self = query.role == .ca ? .authorities : .certificates
        case .certificate: self = .certificates
        case .endpoints, .endpoint: self = .endpoints
        case .deliveries: self = .deliveries
        case .silences: self = .silences
        case .health: self = .health
        case .styleSheet, .icon, nil: return nil
        }
    }

    func values(for current: PageAddress?, _ words: Words) -> PageValues {
        [
            "tabName": .text(words.word(rawValue)), "tabAddress": .text(self == .overview ? "" : address.relativePath),
            "isCurrent": .flag(Tab(current) == self),
        ]
    }
}

/// One page: its template and values.
struct PageContent: Sendable {
    let template: PageTemplate
    let title: String
    let values: PageValues
    var status = 200

    /// The page for an address that there is not.
    static func missing(_ words: Words) -> PageContent {
        PageContent(
            template: .problem, title: words.word("Not found"),
            values: ["problem": .text(words.word("There is no such page, or what it showed was removed."))], status: 404
        )
    }
}
