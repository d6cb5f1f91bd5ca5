import Certificates

/// A number with what it counts.
enum CountPhrase: Phrase {
    case allCertificates(Int)
    case moreNotices(Int)
    case more(Int)
    case rounds(Int, bad: Int)
    case hours(Int, bad: Int)
    case timeline(ending: Int, overdue: Int)
    case week(of: String, Int)
    case beforeToday(Int)
    case authorityEnds(name: String, on: String)
    case lastDays(Int)
    case searched(Int)
    case openDeliveries(Int)
    case milliseconds(Int)

    private static func objects(_ count: Int) -> String {
        counted(count, "certificate or list", plural: "certificates and lists")
    }

    var english: String {
        switch self {
        case .allCertificates(let count): "All \(Self.objects(count))"
        case .moreNotices(let count): "\(count) more: `notafter status` shows all."
        case .more(let count): "and \(count) more"
        case .rounds(let count, let bad):
            "The last \(counted(count, "round")): \(bad == 0 ? "all as expected" : "\(bad) not as expected")."
        case .hours(let count, let bad):
            "The last \(counted(count, "hour")) with probes: "
                + (bad == 0 ? "all rounds as expected." : "\(bad) with a round that was not as expected.")
        case .timeline(let ending, let overdue):
            "\(Self.objects(ending)) \(agreeing(ending, "ends", "end")) in the next twelve months. "
                + "\(overdue) ended before today and \(agreeing(overdue, "is", "are")) still in place."
        case .week(let date, let count): "\(count) \(agreeing(count, "ends", "end")) in the week from \(date)"
        case .beforeToday(let count): "\(count) ended before today"
        case .authorityEnds(let name, let date): "the CA \(name) ends on \(date)"
        case .lastDays(let days): "the next \(days) days"
        case .searched(let count): "The first \(count) were searched. The next page goes on with the others."
        case .openDeliveries(let count): "\(count) open"
        case .milliseconds(let count): "\(count) ms"
        }
    }

    var japanese: String {
        switch self {
        case .allCertificates(let count): "すべての証明書と失効リスト（\(count)件）"
        case .moreNotices(let count): "ほかに\(count)件。`notafter status` ですべて表示します。"
        case .more(let count): "ほか\(count)件"
        case .rounds(let count, let bad): "直近\(count)回の確認：\(bad == 0 ? "すべて期待どおり" : "\(bad)回が期待と異なる")。"
        case .hours(let count, let bad):
            "確認のあった直近\(count)時間：\(bad == 0 ? "すべて期待どおり" : "\(bad)時間に期待と異なる結果")。"
        case .timeline(let ending, let overdue): "今後12か月に\(ending)件が期限を迎えます。\(overdue)件は期限切れのまま置かれています。"
        case .week(let date, let count): "\(date)からの週に\(count)件"
        case .beforeToday(let count): "今日より前に期限切れ：\(count)件"
        case .authorityEnds(let name, let date): "CA \(name) は\(date)まで"
        case .lastDays(let days): "今後\(days)日"
        case .searched(let count): "先頭の\(count)件を検索しました。続きは次のページです。"
        case .openDeliveries(let count): "未完了\(count)件"
        case .milliseconds(let count): "\(count) ms"
        }
    }
}
