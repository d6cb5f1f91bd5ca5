import Certificates
import CurlBinding
import Foundation
import Messages

/// A webhook of Discord (discord.com/developers/docs/resources/webhook), with one embed.
package struct DiscordReceiver: ChatReceiver {
    /// UTF-16 units; all of an embed together has at most 6,000.
    static let titleLimit = 256
    static let textLimit = 2_500
    static let labelLimit = 256
    static let fieldLimit = 250
    static let fieldCount = 25

    package let webhook: IncomingWebhook

    package init(_ webhook: IncomingWebhook) {
        self.webhook = webhook
    }

    package var markup: Markup { .markdown }

    private struct Body: Encodable {
        let embeds: [Embed]
        /// Empty, so that text from a certificate cannot mention a user or role.
        let allowedMentions = ["parse": [String]()]

        enum CodingKeys: String, CodingKey {
            case embeds
            case allowedMentions = "allowed_mentions"
        }
    }

    private struct Embed: Encodable {
        let title: String
        let description: String
        let color: Int
        let timestamp: Instant
        let fields: [Field]
        let footer: [String: String]
    }

    private struct Field: Encodable {
        let name: String
        let value: String
        let inline = true
    }

    package func body(for message: Message) throws -> [UInt8] {
        let color =
            switch (message.isResolution, message.severity) {
            case (true, _): 0x2E_B6_7D
            case (false, .critical): 0xE0_1E_5A
            case (false, .warning): 0xEC_B2_2E
            case (false, .info): 0x36_C5_F0
            }
        let embed = Embed(
            title: markup.fitted(message.title, Self.titleLimit, in: .utf16),
            description: markup.fitted(message.text, Self.textLimit, in: .utf16), color: color,
            timestamp: message.occurredAt,
            fields: message.fields.prefix(Self.fieldCount).map { field in
                Field(
                    name: markup.fitted(markup.escaped(field.label), Self.labelLimit, in: .utf16),
                    value: markup.fitted(markup.escaped(field.value), Self.fieldLimit, in: .utf16))
            }, footer: ["text": message.id])
        return try MessageJSON.encoded(Body(embeds: [embed]))
    }

    /// Adds `wait=true`: without it, "a message that is not saved does not return an error".
    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        let url = try webhook.address.read().exposed
        return [.json(Secret(url + (url.contains("?") ? "&" : "?") + "wait=true"), attempt.body)]
    }

    /// 404 disables the receiver, because Discord bans clients that go on calling a deleted webhook.
    package func verdict(of result: TransferResult) -> AttemptResult {
        switch result.status {
        case 404:
            return AttemptResult(.rejected, .disable, "HTTP 404: the webhook is gone; change its url", of: result)
        case 429:
            var attemptResult = AttemptResult(result)
            // The header has whole seconds, the body has fractions.
            let asked = try? JSONDecoder().decode([String: JSONScalar].self, from: Data(result.body))["retry_after"]
            if case .number(let seconds) = asked, seconds.isFinite, seconds < 1e9 {
                attemptResult.retryAfterSeconds = max(attemptResult.retryAfterSeconds ?? 0, Int(seconds.rounded(.up)))
            }
            return attemptResult
        default:
            return AttemptResult(result)
        }
    }
}
