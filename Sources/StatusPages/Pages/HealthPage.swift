import Certificates
import LedgerStorage

/// Whether notafter itself works: its passes, what it could not read, and what it decides next.
struct HealthPage {
    private static let defectLimit = 50
    private static let nextLimit = 10

    let content: PageContent

    init(_ context: PageContext) async throws {
        let state = try await SiteState(context, noticeLimit: 1)
        let (ledger, words) = (context.ledger, context.words)
        let defects = try await ledger.defects()
        let next = try await ledger.nextDecisions(after: context.now, limit: Self.nextLimit)
        func fact(_ name: String, _ instant: Instant?) -> PageValues {
            [
                "factName": .text(words.word(name)), "factTime": context.time(instant),
                "factValue": .text(instant == nil ? words.word("never") : ""),
            ]
        }
        func fact(_ name: String, _ value: String) -> PageValues {
            ["factName": .text(words.word(name)), "factTime": .none, "factValue": .text(value)]
        }
        let outbox = state.outbox
        content = PageContent(
            template: .health, title: words.word("Health"),
            values: state.values.merging([
                "facts": .list([
                    fact("Last pass began", state.facts.lastPass?.startedAt),
                    fact("Last pass ended", state.facts.lastPass?.finishedAt),
                    fact("Last good pass", state.facts.lastGoodPass),
                    fact("Open deliveries", "\(outbox.open)"), fact("Held deliveries", "\(outbox.held)"),
                    fact("Refused deliveries", "\(outbox.parked)"),
                    fact("Expired in the last pass", "\(outbox.expired)"),
                    fact("Registrations", "\(context.settings.plan.registrations.count)"),
                    fact("Version", context.settings.version),
                ]),
                "defects": .list(
                    defects.prefix(Self.defectLimit).map {
                        [
                            "place": .text($0.path), "registration": .text($0.registration),
                            "defect": .text(
                                DefectFact(
                                    reason: $0.defect.reason, path: $0.path, message: $0.defect.message
                                ).words(in: words.language)),
                        ]
                    }),
                "moreDefects": .text(
                    defects.count > Self.defectLimit ? words(CountPhrase.more(defects.count - Self.defectLimit)) : ""),
                "next": .list(next.map { ["name": .text($0.name), "due": context.time($0.dueAt)] }),
            ]))
    }
}
