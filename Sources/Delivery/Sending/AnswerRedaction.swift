import Certificates
import CurlBinding
import Foundation

/// Removes secrets from an answer. The URL of a webhook often contains a token, and many servers repeat the requested
/// path in an error page or a redirect.
struct AnswerRedaction {
    private static let replacement = "<redacted>"
    /// Shorter parts of a path are not secrets and occur in ordinary text.
    private static let shortestSecret = 6

    /// The longest first, so that a secret that contains another one is replaced whole.
    private let secrets: [String]

    init(url: String, secrets others: [Secret] = []) {
        let host = url.range(of: "://").map(\.upperBound) ?? url.startIndex
        let target = String(url[host...].drop { $0 != "/" && $0 != "?" })
        let parts = target.split { "/?&=#".contains($0) }.map(String.init).filter { $0.count >= Self.shortestSecret }
        let all = [target] + parts + others.map(\.exposed)
        let spelt = all.flatMap { [$0, $0.removingPercentEncoding ?? $0, Self.escapedJSON($0)] }
        secrets = Set(spelt).filter { $0.count >= Self.shortestSecret }.sorted { $0.count > $1.count }
    }

    /// The answer without the secrets.
    func redacted(_ result: TransferResult) -> TransferResult {
        var result = result
        result.message = redacted(result.message)
        result.headers = result.headers.map { HeaderField($0.name, redacted($0.value)) }
        result.replyLines = result.replyLines.map(redacted)
        result.body = Array(redacted(String(decoding: result.body, as: UTF8.self)).utf8)
        return result
    }

    func redacted(_ text: String) -> String {
        secrets.reduce(text) { $0.replacingOccurrences(of: $1, with: Self.replacement) }
    }

    /// Many JSON encoders escape the slash.
    private static func escapedJSON(_ text: String) -> String {
        text.replacingOccurrences(of: "/", with: "\\/")
    }
}
