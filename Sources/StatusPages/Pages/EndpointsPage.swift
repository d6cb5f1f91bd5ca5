import Certificates
import LedgerStorage

/// One endpoint, as lists show it.
struct EndpointFacts {
    let endpoint: EndpointOverview
    let context: PageContext

    /// The last verdict. A round that is not as expected is a warning until the endpoint's finding is confirmed.
    var mark: StateMark {
        let isGood = endpoint.rounds.last?.isGood ?? (endpoint.state == .well)
        let level: StateMark.Level =
            switch (endpoint.state, isGood) {
            case (.well, true): .ok
            case (.well, false), (.failing, true), (.unprotected, true): .warning
            case (.failing, false), (.unprotected, false): .critical
            }
        return StateMark(level: level, word: endpoint.verdict.replacing("_", with: " "))
    }

    var values: PageValues {
        let probes = ReportedProbes(report: endpoint.report)
        return [
            "mark": context.mark(mark), "name": .text(endpoint.name), "url": .text(endpoint.url),
            "address": .text(PageAddress.endpoint(endpoint.name).relativePath),
            "positive": .text(probes.positive?.line ?? "–"), "negative": .text(probes.negative?.line ?? "–"),
            "strip": .markup(Strip(rounds: endpoint.rounds, words: context.words).svg),
            "probed": context.time(endpoint.probedAt), "since": context.time(endpoint.since),
        ]
    }
}

/// The list of endpoints with the pair of probes and the last rounds of each.
struct EndpointsPage {
    private static let limit = 50

    let content: PageContent

    init(_ context: PageContext, after name: String) async throws {
        let found = try await context.ledger.endpointOverviews(after: name, limit: Self.limit + 1)
        let rows = found.prefix(Self.limit)
        let next = found.count > Self.limit ? rows.last.map { PageAddress.endpoints(after: $0.name).relativePath } : nil
        var unprobed: [String] = []
        for endpoint in context.settings.endpoints where name.isEmpty && found.count <= Self.limit {
            if !found.contains(where: { $0.name == endpoint }) { unprobed.append(endpoint) }
        }
        content = PageContent(
            template: .endpoints, title: context.words.word("Endpoints"),
            values: [
                "rows": .list(rows.map { EndpointFacts(endpoint: $0, context: context).values }),
                "hasRows": .flag(!rows.isEmpty), "nextPage": .text(optional: next),
                "firstPage": .text(name.isEmpty ? "" : "endpoints"),
                "unprobed": .texts(unprobed.map { context.words(DeliveryPhrase.unprobed($0)) }),
            ])
    }
}
