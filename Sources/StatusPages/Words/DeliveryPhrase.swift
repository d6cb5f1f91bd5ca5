import Certificates

/// What a page says about one delivery or receiver.
enum DeliveryPhrase: Phrase {
    case sent(String)
    case silenced(until: String, by: String)
    case quiet(until: String)
    case onItsWay
    case nextAttempt(String)
    case waitsForWord
    case receiverGone
    case accepted(Distance)
    case unprobed(String)

    var english: String {
        switch self {
        case .sent(let date): "sent \(date)"
        case .silenced(let date, let author): "silenced until \(date) by \(author)"
        case .quiet(let date): "quiet hours until \(date)"
        case .onItsWay: "on its way"
        case .nextAttempt(let date): "next attempt \(date) or later"
        case .waitsForWord: "may have arrived: `notafter deliveries retry` sends it again"
        case .receiverGone: "the receiver said that it is gone: change its settings"
        case .accepted(let distance): "accepted a message \(distance.english)"
        case .unprobed(let name): "\(name) is configured and was not probed yet."
        }
    }

    var japanese: String {
        switch self {
        case .sent(let date): "\(date)に送信"
        case .silenced(let date, let author): "\(author)により\(date)まで抑止"
        case .quiet(let date): "\(date)まで静音時間"
        case .onItsWay: "送信中"
        case .nextAttempt(let date): "次の試行は\(date)以降"
        case .waitsForWord: "届いた可能性あり：`notafter deliveries retry` で再送"
        case .receiverGone: "受信先が消滅と応答：設定を変更してください"
        case .accepted(let distance): "最後の受信は\(distance.japanese)"
        case .unprobed(let name): "\(name) は設定済みですが、まだ確認されていません。"
        }
    }
}
