/// An expectation for the response to a probe that is not met, or the reason of a refusal in the response.
///
/// Texts of the server are untrusted. `quoted` ones are shortened already.
package enum UnmetExpectation: Hashable, Sendable, Codable {
    /// nil when no HTTP was spoken.
    case httpVersion(spoken: String?, expected: String)
    case tlsVersion(spoken: String?, expected: String)
    case slow(milliseconds: Int, limit: Int)
    case headerMissing(name: String)
    case headerDiffers(name: String, expected: String, values: [String])
    case cookieMissing(name: String)
    case bodyLacks(text: String)
    case bodyDoesNotMatch(pattern: String)
    /// The beginning of the body; empty for an empty body.
    case body(start: String)
    /// nil when the value is missing.
    case valueDiffers(path: String, expected: String, value: String?)
    case status(status: Int, expected: String, location: String?)
    case noPong
    case otherProtocol(expected: String)
    case sessionEnded
    /// A database's own message.
    case answered(service: String, message: String)
    case roleMissing
    case passwordAsked
    case userNotNamed
    case signaturesNotShared(accepted: [String])
}

extension UnmetExpectation: Phrase {
    package var english: String {
        switch self {
        case .httpVersion(let spoken, let expected): "it spoke \(spoken ?? "no HTTP") and not \(expected)"
        case .tlsVersion(let spoken, let expected): "it spoke \(spoken ?? "an unknown TLS") and not TLS \(expected)"
        case .slow(let milliseconds, let limit): "it took \(milliseconds) ms, more than \(limit) ms"
        case .headerMissing(let name): "the header \(name) is missing"
        case .headerDiffers(let name, let expected, let values):
            "the header \(name) is not \(Self.quoted(expected)) but "
                + (values.isEmpty ? "missing" : values.map(Self.quoted).joined(separator: " and "))
        case .cookieMissing(let name): "the cookie \(name) is not set"
        case .bodyLacks(let text): "the body does not contain \(Self.quoted(text))"
        case .bodyDoesNotMatch(let pattern): "the body does not match /\(pattern)/"
        case .body(let start): start.isEmpty ? "it is empty" : "it is \(Self.quoted(start))"
        case .valueDiffers(let path, let expected, let value):
            "\(path) in the body is not \(Self.quoted(expected)) but \(value.map(Self.quoted) ?? "missing")"
        case .status(let status, let expected, let location):
            "it answered HTTP \(status) and not \(expected)" + (location.map { ", and redirects to \($0)" } ?? "")
        case .noPong: "no pong came after the upgrade"
        case .otherProtocol(let expected): "it does not speak \(expected)'s protocol"
        case .sessionEnded: "the server ended the session before it was ready"
        case .answered(let service, let message): "\(service) says: \(message)"
        case .roleMissing: "create the role, or name another user in the URL"
        case .passwordAsked: "the server asks this user for a password"
        case .userNotNamed: "a handshake alone proves nothing here: name a user in the URL"
        case .signaturesNotShared(let accepted):
            "the server accepts signatures by \(accepted.joined(separator: ", ")) alone"
        }
    }

    /// The longest quotation.
    private static let quotedCharacters = 120

    /// The text in quotation marks, shortened if it is long.
    private static func quoted(_ text: String) -> String { "\"\(shortened(text))\"" }

    private static func shortened(_ text: String) -> String {
        text.count > quotedCharacters ? text.prefix(quotedCharacters) + "…" : text
    }

    package var japanese: String {
        switch self {
        case .httpVersion(let spoken, let expected):
            "\(JapaneseText.quoted(expected))ではなく\(JapaneseText.quoted(spoken ?? "HTTP以外"))で応答しました"
        case .tlsVersion(let spoken, let expected):
            "「TLS \(expected)」ではなく\(JapaneseText.quoted(spoken ?? "不明なTLS"))で応答しました"
        case .slow(let milliseconds, let limit): "応答に \(milliseconds) ms かかりました（上限 \(limit) ms）"
        case .headerMissing(let name): "ヘッダー\(JapaneseText.quoted(name))がありません"
        case .headerDiffers(let name, let expected, let values):
            "ヘッダー\(JapaneseText.quoted(name))が\(Self.japanese(expected))ではなく"
                + (values.isEmpty ? "ありません" : values.map(Self.japanese).joined(separator: "、") + "です")
        case .cookieMissing(let name): "Cookie\(JapaneseText.quoted(name))が設定されていません"
        case .bodyLacks(let text): "本文に\(Self.japanese(text))がありません"
        case .bodyDoesNotMatch(let pattern): "本文がパターン\(Self.japanese(pattern))に一致しません"
        case .body(let start): start.isEmpty ? "本文は空です" : "本文は\(Self.japanese(start))です"
        case .valueDiffers(let path, let expected, let value):
            "本文の\(JapaneseText.quoted(path))が\(Self.japanese(expected))ではなく"
                + (value.map { Self.japanese($0) + "です" } ?? "ありません")
        case .status(let status, let expected, let location):
            "期待した \(expected) ではなく HTTP \(status) で応答しました"
                + (location.map { "（転送先: \(Self.japanese($0))）" } ?? "")
        case .noPong: "アップグレード後に Pong が届きませんでした"
        case .otherProtocol(let expected): "\(JapaneseText.quoted(expected))のプロトコルではありません"
        case .sessionEnded: "準備が整う前にサーバーがセッションを終了しました"
        case .answered(let service, let message): "\(service)の応答: \(JapaneseText.quoted(message))"
        case .roleMissing: "ロールを作成するか、URLに別のユーザーを指定してください"
        case .passwordAsked: "サーバーがこのユーザーにパスワードを求めています"
        case .userNotNamed: "ハンドシェイクだけでは確認できないため、URLにユーザーを指定してください"
        case .signaturesNotShared(let accepted):
            "サーバーが受け付ける署名方式は \(accepted.joined(separator: "、")) だけです"
        }
    }

    private static func japanese(_ text: String) -> String { JapaneseText.quoted(shortened(text)) }
}
