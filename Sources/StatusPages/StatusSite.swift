import Certificates
import LedgerStorage

/// The status pages: an address, a language and a time in; HTML out. It only reads the ledger.
package struct StatusSite: Sendable {
    private let ledger: Ledger
    private let libraries: [Language: PageLibrary]

    /// - Throws: an error of Mustache for a template that does not compile.
    package init(ledger: Ledger) throws {
        self.ledger = ledger
        let pairs = try Language.allCases.map { ($0, try PageLibrary(Words(language: $0))) }
        libraries = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Renders a page.
    ///
    /// - Parameters:
    ///   - address: which page; nil for an address that there is not.
    ///   - settings: the configuration in use.
    ///   - language: the language of its words.
    ///   - now: the time for which states are computed.
    /// - Returns: the page; one with the status 404 if there is nothing at the address.
    /// - Throws: `LedgerError`.
    package func page(
        _ address: PageAddress?, settings: SiteSettings, language: Language, at now: Instant
    ) async throws -> RenderedPage {
        switch address {
        case .styleSheet: return .resource(StyleSheet.text, contentType: "text/css; charset=utf-8")
        case .icon: return .resource(StyleSheet.icon, contentType: "image/svg+xml")
        case .some, nil: break
        }
        let context = PageContext(ledger: ledger, settings: settings, words: Words(language: language), now: now)
        let content = try await content(of: address, in: context)
        let shared = context.shared(by: address, title: content.title)
        guard let body = libraries[language]?.page(content.template, shared.merging(content.values)) else {
            return .html("", status: 500)
        }
        return .html(body, status: content.status)
    }

    private func content(of address: PageAddress?, in context: PageContext) async throws -> PageContent {
        switch address {
        case .overview: try await OverviewPage(context).content
        case .certificates(let query): try await CertificatesPage(context, query: query).content
        case .certificate(let fingerprint): try await CertificatePageContent(context, fingerprint).content
        case .endpoints(let name): try await EndpointsPage(context, after: name).content
        case .endpoint(let name): try await EndpointPage(context, name).content
        case .deliveries(let selection, let id):
            try await DeliveriesPage(context, selection: selection, before: id).content
        case .silences: try await SilencesPage(context).content
        case .health: try await HealthPage(context).content
        case .styleSheet, .icon, nil: .missing(context.words)
        }
    }
}
