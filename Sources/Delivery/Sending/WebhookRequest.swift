import Certificates
import CurlBinding

/// One attempt at a webhook, with the headers of Standard Webhooks 1.0.
struct WebhookRequest {
    /// The whole exchange, connecting included; well under the lease of a claim.
    static let timeoutMilliseconds = 30_000

    let transfer: Transfer

    /// Signs `body` with every secret of the webhook's file, which is read anew.
    ///
    /// - Throws: `SigningSecretError` when it cannot be read.
    init(_ webhook: Webhook, id: String, body: [UInt8], attempt: Int, mayBeDuplicate: Bool, at now: Instant) throws {
        var headers = [
            HeaderField("Content-Type", "application/json"),
            HeaderField("User-Agent", "notafter"),
            HeaderField("webhook-id", id),
            HeaderField("webhook-timestamp", String(now.seconds)),
            HeaderField("Idempotency-Key", id),
            HeaderField("X-Notafter-Attempt", mayBeDuplicate ? "\(attempt); possible-duplicate=1" : "\(attempt)"),
        ]
        if let secretFile = webhook.secretFile {
            let signatures = try SigningSecretFile.read(secretFile).map {
                $0.signature(id: id, timestamp: now.seconds, body: body)
            }
            headers.append(HeaderField("webhook-signature", signatures.joined(separator: " ")))
        }
        transfer = Transfer(
            url: webhook.url.exposed, method: .post(body: body), headers: headers,
            timeoutMilliseconds: Self.timeoutMilliseconds,
            schemes: webhook.url.exposed.hasPrefix("http://") ? .httpsOrHTTP : .https)
    }
}
