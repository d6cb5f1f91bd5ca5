import Certificates
import LedgerStorage

/// The state of everything in sentences, the worst first: what needs a person, or what is not known.
struct SiteState {
    let facts: OperationalFacts
    let outbox: OutboxState
    let notices: OpenNotices
    private let context: PageContext

    /// Reads the ledger.
    init(_ context: PageContext, noticeLimit: Int) async throws {
        self.context = context
        facts = try await context.ledger.operationalFacts(at: context.now)
        outbox = try await context.ledger.outboxState(
            expiredSince: facts.lastPass?.startedAt ?? context.now, at: context.now)
        notices = try await context.ledger.openNotices(limit: noticeLimit)
    }

    /// The configured endpoints that were probed.
    var endpoints: [OperationalFacts.Endpoint] {
        facts.endpoints.filter { context.settings.endpoints.contains($0.name) }
    }

    private var needed: Int { (notices.counts[.critical] ?? 0) + (notices.counts[.warning] ?? 0) }

    /// Deliveries that are refused or expired, and receivers that cannot be reached.
    private var undelivered: Int {
        outbox.parked + outbox.expired + outbox.disabledReceivers.count + outbox.unreachableReceivers.count
    }

    private var isOutOfDate: Bool {
        facts.lastGoodPass.map { context.now - $0 > context.settings.patience } ?? true
    }

    /// The sentences with their levels. "All is well" only if the last good pass is recent and nothing is undelivered.
    var sentences: [(level: StateMark.Level, text: String)] {
        let words = context.words
        guard facts.lastPass != nil else { return [(.unknown, words(StatePhrase.noPass))] }
        var sentences: [(level: StateMark.Level, text: String)] = []
        if needed > 0 {
            let level: StateMark.Level = (notices.counts[.critical] ?? 0) > 0 ? .critical : .warning
            sentences.append((level, words(StatePhrase.needsYou(needed))))
        }
        if undelivered > 0 { sentences.append((.critical, words(StatePhrase.undelivered(undelivered)))) }
        let bad = endpoints.count { !$0.isGood }
        if bad > 0 { sentences.append((.warning, words(StatePhrase.endpointsFailing(bad, of: endpoints.count)))) }
        if isOutOfDate {
            let distance = facts.lastGoodPass.map { Distance(from: context.now, to: $0) }
            sentences.append((.unknown, words(StatePhrase.passIsOld(distance))))
        }
        return sentences.isEmpty ? [(.ok, words(StatePhrase.allIsWell))] : sentences
    }

    /// The values of the sentences and of the line about passes.
    var values: PageValues {
        let sentences = sentences
        let levels = sentences.map(\.level)
        let level = [StateMark.Level.critical, .warning, .unknown].first(where: levels.contains) ?? .ok
        return [
            "verdictClass": .text(level.rawValue),
            "sentences": .list(
                sentences.map { ["markShape": .text($0.level.shape), "sentence": .text($0.text)] }),
            "passes": .text(passes),
        ]
    }

    /// `▲ 3`, for the title; empty when all is well.
    var titlePrefix: String {
        guard let worst = sentences.first, worst.level != .ok else { return "" }
        return "\(worst.level.shape) \(needed > 0 ? "\(needed) " : "")"
    }

    private var passes: String {
        guard let pass = facts.lastPass else { return "" }
        let next = context.settings.interval.map { pass.startedAt + $0 }
        return context.words(
            StatePhrase.passes(
                last: Distance(from: context.now, to: pass.startedAt), took: Distance(pass.finishedAt - pass.startedAt),
                next: next.flatMap { $0 > context.now ? Distance(from: context.now, to: $0) : nil }))
    }
}
