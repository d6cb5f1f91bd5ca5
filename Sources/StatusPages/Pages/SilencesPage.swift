import Certificates
import ExpiryRules
import LedgerStorage

/// The list of silences: those that are active first, and then the last ones that are over.
struct SilencesPage {
    private static let limit = 100

    let content: PageContent

    init(_ context: PageContext) async throws {
        let now = context.now
        let all = try await context.ledger.silences()
        let active = all.filter { $0.silence.isActive(at: now) }.sorted { $0.silence.overAt < $1.silence.overAt }
        let over = all.filter { !$0.silence.isActive(at: now) }.sorted { $0.silence.overAt > $1.silence.overAt }
        let rows = (active + over).prefix(Self.limit).map { record -> PageValues in
            let silence = record.silence
            let mark =
                silence.isActive(at: now)
                ? StateMark(level: .soon, word: "active") : StateMark(level: .unknown, word: "over")
            return [
                "id": .number(silence.id), "mark": context.mark(mark),
                "matchers": .texts(silence.terms.matchers.texts), "reason": .text(silence.terms.reason),
                "author": .text(silence.terms.author), "over": context.time(silence.overAt),
                "held": .number(record.heldDeliveries),
            ]
        }
        content = PageContent(
            template: .silences, title: context.words.word("Silences"),
            values: ["rows": .list(Array(rows)), "hasRows": .flag(!rows.isEmpty)])
    }
}
