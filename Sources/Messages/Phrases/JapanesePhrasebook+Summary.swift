import Certificates
import LedgerStorage

extension JapanesePhrasebook {
    private static let itemLimit = 200
    private static let outlookDays = SummaryFacts.outlook.wholeDays

    func summaryTitle(_ summary: SummaryFacts) -> String {
        let findings = summary.findingCount == 0 ? "その他の問題なし" : "検出事項\(summary.findingCount)件"
        return """
            notafter 定期サマリー: 証明書\(summary.certificates)件を監視中、\
            \(Self.outlookDays)日以内の期限切れ\(summary.endingCount)件、\(findings)
            """
    }

    func summaryLines(_ summary: SummaryFacts, at now: Instant) -> [String] {
        [watched(summary), passes(summary)]
            + list(
                "\(Self.outlookDays)日以内の期限切れ", summary.endingCount,
                summary.endings.map { ending(of: $0, at: now) })
            + list(
                "検出事項", summary.findingCount,
                summary.findings.map { "\($0.registration): \($0.statement(in: .japanese))" })
            + [deliveries(summary.deliveries), next(summary)]
    }

    private func watched(_ summary: SummaryFacts) -> String {
        let lists = summary.revocationLists == 0 ? "" : "、失効リスト\(summary.revocationLists)件"
        let read = summary.readSince.map { "（いずれも \($0) 以降に読み取り済み）" } ?? "（まだ読み取れていない場所があります）"
        let endpoints = summary.endpoints == 0 ? "" : "、エンドポイント\(summary.endpoints)件"
        return """
            監視対象: 証明書\(summary.certificates)件\(lists)、\
            場所\(summary.sources)か所\(summary.sources == 0 ? "" : read)\(endpoints)。
            """
    }

    private func passes(_ summary: SummaryFacts) -> String {
        let passes = summary.passes
        let trouble = passes.troubled == 0 ? "" : "（うち問題あり\(passes.troubled)回）"
        let failures = passes.unfinished == 0 ? "" : "、未完了\(passes.unfinished)回"
        return "\(summary.since) 以降の確認: \(passes.finished)回\(trouble)\(failures)。"
    }

    private func list(_ title: String, _ count: Int, _ items: [String]) -> [String] {
        guard count > 0 else { return ["\(title): なし。"] }
        let rest = count - items.count
        return ["\(title): \(count)件。"] + items.map { "- \($0.prefix(Self.itemLimit))" }
            + (rest > 0 ? ["- ほか\(rest)件"] : [])
    }

    private func ending(of ending: SummaryFacts.Ending, at now: Instant) -> String {
        let list = ending.kind == .revocationList ? " の失効リスト" : ""
        let left = ending.expiry < now ? "期限切れ" : "あと\(CountedTime(ending.expiry - now).japanese)"
        return "\(ending.expiry)（\(left)）: \(ending.registration) の \(ending.name.prefix(120))\(list)"
    }

    private func deliveries(_ deliveries: SummaryFacts.Deliveries) -> String {
        let refused = deliveries.parked == 0 ? "" : "（うち通知先が拒否\(deliveries.parked)件）"
        let expired = deliveries.expired == 0 ? "" : "、届かないまま期限切れ\(deliveries.expired)件"
        return "通知: 送信済み\(deliveries.made)件、未送信\(deliveries.open)件\(refused)\(expired)。"
    }

    private func next(_ summary: SummaryFacts) -> String {
        guard let due = summary.nextDue else { return "次の通知: 予定なし。" }
        return "次の通知: \(due)、\((summary.nextName ?? "").prefix(120))。"
    }
}
