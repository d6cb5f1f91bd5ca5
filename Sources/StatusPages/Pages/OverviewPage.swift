import Certificates
import ExpiryRules
import LedgerStorage

/// The first page: what needs a person now, what ends next, and whether notafter itself works.
struct OverviewPage {
    private static let noticeLimit = 20
    private static let soonestLimit = 10
    private static let endpointLimit = 12

    let content: PageContent

    init(_ context: PageContext) async throws {
        let state = try await SiteState(context, noticeLimit: Self.noticeLimit)
        var soonest = PageSelection()
        soonest.limit = Self.soonestLimit
        let page = try await context.ledger.page(soonest)
        let counts = try await context.ledger.expiryCounts(after: context.now, weeks: Timeline.weeks)
        let endpoints = try await context.ledger.endpointOverviews(limit: Self.endpointLimit)
        var values = state.values.merging(Self.timeline(counts, context))
        values = values.merging(ReceiverList(state: state, context: context).values)
        let shown = state.notices.notices.sorted(by: OpenNotice.isMoreUrgent).map {
            NoticeRow(notice: $0, context: context).values
        }
        let all = state.notices.counts.filter { $0.key != .info }.values.reduce(0, +)
        values["notices"] = .list(shown)
        values["hasNotices"] = .flag(!shown.isEmpty)
        values["moreNotices"] = .text(
            all > shown.count ? context.words(CountPhrase.moreNotices(all - shown.count)) : "")
        values["soonest"] = .list(page.entries.map { EntryFacts(entry: $0, context: context).values })
        values["allCertificates"] = .text(context.words(CountPhrase.allCertificates(counts.total)))
        values["endpoints"] = .list(
            endpoints.enumerated().map { index, endpoint in
                let facts = EndpointFacts(endpoint: endpoint, context: context)
                return facts.values.merging(["isLast": .flag(index == endpoints.count - 1)])
            })
        let title = state.titlePrefix + context.words.word("Overview")
        content = PageContent(template: .overview, title: title, values: values)
    }

    private static func timeline(_ counts: ExpiryCounts, _ context: PageContext) -> PageValues {
        let spans = context.settings.plan.registrations.flatMap(\.thresholds).compactMap { threshold -> Int? in
            guard case .span(let span) = threshold.distance else { return nil }
            return Int(span.wholeDays)
        }
        let days = Set(spans).filter { (1...183).contains($0) }.sorted().prefix(3)
        let timeline = Timeline(counts: counts, words: context.words, bandDays: Array(days))
        let kinds: [(ExpiryCounts.Kind, String)] = [
            (.authority, "CAs"), (.certificate, "Certificates"), (.revocationList, "Revocation lists"),
        ]
        return [
            "timeline": .markup(timeline.svg),
            "legend": .list(
                kinds.map { kind, name in
                    let count = counts.weeks.compactMap { $0.counts[kind] }.reduce(0, +)
                    return [
                        "barClass": .text(kind.barClass), "barName": .text(context.words.word(name)),
                        "barCount": .number(count),
                    ]
                }),
            "months": .list(months(of: counts)),
        ]
    }

    /// The weeks by the month in which they begin.
    private static func months(of counts: ExpiryCounts) -> [PageValues] {
        var months: [(name: String, counts: [ExpiryCounts.Kind: Int], from: Instant, until: Instant)] = []
        for (index, week) in counts.weeks.enumerated() {
            let first = counts.beginning + .days(Int64(index * 7))
            let name = String(first.date.prefix(7))
            if months.last?.name != name { months.append((name, [:], first, first)) }
            months[months.count - 1].counts.merge(week.counts, uniquingKeysWith: +)
            months[months.count - 1].until = first + .days(7)
        }
        return months.map { month in
            var query = CertificateQuery()
            (query.from, query.until) = (month.from.startOfDay, (month.until + .days(1)).startOfDay)
            return [
                "month": .text(month.name),
                "monthAddress": .text(PageAddress.certificates(query).relativePath),
                "authorities": .number(month.counts[.authority] ?? 0),
                "leaves": .number(month.counts[.certificate] ?? 0),
                "lists": .number(month.counts[.revocationList] ?? 0),
            ]
        }
    }
}

extension OpenNotice {
    /// The order in which people need them: by severity, then what has expired, then findings, then what ends first.
    fileprivate static func isMoreUrgent(_ left: OpenNotice, than right: OpenNotice) -> Bool {
        guard left.severity == right.severity else { return left.severity > right.severity }
        return (left.rank, left.expiry ?? left.observedAt, left.id) < (
            right.rank, right.expiry ?? right.observedAt, right.id
        )
    }

    private var rank: Int {
        switch kind {
        case .expired: 0
        case .finding: 1
        case .expiring, .renewed, .removed, .withdrawn, .findingResolved, .summary: 2
        }
    }
}
