import Certificates

/// What a page says about the state of everything.
enum StatePhrase: Phrase {
    case allIsWell
    case needsYou(Int)
    case noPass
    /// How long ago the last good pass was; nil if none was good.
    case passIsOld(Distance?)
    case undelivered(Int)
    case endpointsFailing(Int, of: Int)
    case passes(last: Distance, took: Distance, next: Distance?)

    var english: String {
        switch self {
        case .allIsWell: "All is well."
        case .needsYou(let count): "\(count) \(agreeing(count, "needs", "need")) you now."
        case .noPass: "No pass has finished yet, so nothing is known: `notafter scan` makes one."
        case .passIsOld(let distance?):
            "The last good pass was \(distance.length) ago: what is shown here may be out of date."
        case .passIsOld(nil): "No pass was good yet: `notafter scan` says why."
        case .undelivered(let count):
            "\(counted(count, "message")) \(agreeing(count, "is not delivered and needs", "are not delivered and need")) "
                + "a person."
        case .endpointsFailing(let bad, let all):
            "\(bad) of \(counted(all, "endpoint")) \(agreeing(bad, "is", "are")) not as expected."
        case .passes(let last, let took, let next):
            "Last pass \(last.length) ago, took \(took.length)\(next.map { "; next \($0.english)" } ?? "")."
        }
    }

    var japanese: String {
        switch self {
        case .allIsWell: "すべて正常です。"
        case .needsYou(let count): "対応が必要なものが\(count)件あります。"
        case .noPass: "まだ一度も巡回が終わっていないため、状態は不明です。`notafter scan` で巡回できます。"
        case .passIsOld(let distance?): "最後に正常だった巡回は\(distance.japaneseLength)前です。表示は古い可能性があります。"
        case .passIsOld(nil): "正常に終わった巡回がまだありません。`notafter scan` が理由を示します。"
        case .undelivered(let count): "配信できず人の対応が必要なメッセージが\(count)件あります。"
        case .endpointsFailing(let bad, let all): "\(all)件のエンドポイントのうち\(bad)件が期待どおりではありません。"
        case .passes(let last, let took, let next):
            "前回の巡回は\(last.japaneseLength)前、所要\(took.japaneseLength)。\(next.map { "次回は\($0.japanese)。" } ?? "")"
        }
    }
}
