import Certificates

/// What a page says about one certificate or list.
enum CertificatePhrase: Phrase {
    case endsWith(name: String)
    case needsList(name: String, until: String)
    case replaced
    case missing(since: String)
    case lastUsed(on: String)
    case ended(on: String, because: String)
    case unknownChoice(key: String, value: String)
    case stageBegins(stage: String, on: String)
    case noMoreStages
    case notWatched

    var english: String {
        switch self {
        case .endsWith(let name): "ends with its CA \(name)"
        case .needsList(let name, let date): "its verifiers need the revocation list of \(name), current until \(date)"
        case .replaced: "replaced: its end breaks nothing"
        case .missing(let date): "missing since \(date)"
        case .lastUsed(let date): "last used on \(date)"
        case .ended(let date, let reason): "not there since \(date) (\(reason))"
        case .unknownChoice(let key, let value): "The filter \(key)=\(value) is not known, and is left out."
        case .stageBegins(let stage, let date): "Next: \(stage), on \(date)."
        case .noMoreStages: "Next: nothing, since the last stage was decided or none is asked for."
        case .notWatched: "Next: nothing, since no registered place shows it any more."
        }
    }

    var japanese: String {
        switch self {
        case .endsWith(let name): "発行元のCA \(name) とともに終了"
        case .needsList(let name, let date): "検証に \(name) の失効リストが必要（\(date)まで有効）"
        case .replaced: "後継に置き換え済み：期限切れの影響なし"
        case .missing(let date): "\(date)から見当たらない"
        case .lastUsed(let date): "最終使用 \(date)"
        case .ended(let date, let reason): "\(date)以降なし（\(reason)）"
        case .unknownChoice(let key, let value): "条件 \(key)=\(value) は不明のため無視しました。"
        case .stageBegins(let stage, let date): "次：\(stage)（\(date)）"
        case .noMoreStages: "次：なし（最後の段階は判定済み、または段階の設定なし）"
        case .notWatched: "次：なし（登録された場所にもうありません）"
        }
    }
}
