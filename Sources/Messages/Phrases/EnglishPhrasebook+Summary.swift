import Certificates
import LedgerStorage

extension EnglishPhrasebook {
    func summaryTitle(_ summary: SummaryFacts) -> String {
        let findings = summary.findingCount == 0 ? "nothing else is wrong" : counted(summary.findingCount, "finding")
        return """
            notafter watches \(counted(summary.certificates, "certificate")): \(summary.endingCount) to expire within \
            \(SummaryFacts.outlook), \(findings)
            """
    }

    func summaryLines(_ summary: SummaryFacts, at now: Instant) -> [String] {
        [watched(summary), passes(summary)]
            + list(
                "Expiring within \(SummaryFacts.outlook)", summary.endingCount,
                summary.endings.map { ending(of: $0, at: now) })
            + list(
                "Findings", summary.findingCount,
                summary.findings.map { "\($0.registration): \($0.statement(in: .english))" })
            + [deliveries(summary.deliveries), next(summary)]
    }

    private func watched(_ summary: SummaryFacts) -> String {
        let lists =
            summary.revocationLists == 0
            ? "" : " and \(counted(summary.revocationLists, "revocation list"))"
        let places = counted(summary.sources, "place")
        let read = summary.readSince.map { ", each read since \($0)" } ?? ", not all of them read so far"
        let endpoints = summary.endpoints == 0 ? "" : "; \(counted(summary.endpoints, "endpoint"))"
        return """
            Watched: \(counted(summary.certificates, "certificate"))\(lists) at \
            \(places)\(summary.sources == 0 ? "" : read)\(endpoints).
            """
    }

    private func passes(_ summary: SummaryFacts) -> String {
        let passes = summary.passes
        let trouble = passes.troubled == 0 ? "" : ", \(passes.troubled) of them with trouble"
        let failures = passes.unfinished == 0 ? "" : "; \(passes.unfinished) unfinished"
        return "Passes since \(summary.since): \(passes.finished)\(trouble)\(failures)."
    }

    private func list(_ title: String, _ count: Int, _ items: [String]) -> [String] {
        guard count > 0 else { return ["\(title): none."] }
        let rest = count - items.count
        return ["\(title): \(count)."] + items.map { "- \($0.prefix(Self.itemLimit))" }
            + (rest > 0 ? ["- and \(rest) more"] : [])
    }

    private static let itemLimit = 200

    private func ending(of ending: SummaryFacts.Ending, at now: Instant) -> String {
        let list = ending.kind == .revocationList ? "revocation list of " : ""
        let left = ending.expiry < now ? "over" : "in \(CountedTime(ending.expiry - now))"
        return "\(ending.expiry) (\(left)): \(list)\(ending.name.prefix(120)) of \(ending.registration)"
    }

    private func deliveries(_ deliveries: SummaryFacts.Deliveries) -> String {
        let refused = deliveries.parked == 0 ? "" : " (\(deliveries.parked) refused by their receivers)"
        let expired = deliveries.expired == 0 ? "" : ", \(deliveries.expired) expired undelivered"
        return "Deliveries: \(deliveries.made) made, \(deliveries.open) still open\(refused)\(expired)."
    }

    private func next(_ summary: SummaryFacts) -> String {
        guard let due = summary.nextDue else { return "Next notice: none is foreseen." }
        return "Next notice: \(due), of \((summary.nextName ?? "").prefix(120))."
    }
}
