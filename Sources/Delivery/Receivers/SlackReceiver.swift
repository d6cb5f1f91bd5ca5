import Certificates
import CurlBinding
import Messages

/// An incoming webhook of Slack (api.slack.com/messaging/webhooks), with Block Kit.
package struct SlackReceiver: ChatReceiver {
    /// In characters: the limits of a header block and of a section's text. `fieldCount` is the most fields in a
    /// section.
    static let titleLimit = 150
    static let textLimit = 3_000
    static let fieldCount = 10
    /// In characters. Slack accepts 2,000 in a field, but refuses messages of some 13,000 in all
    /// (`msg_blocks_too_long`).
    static let fieldLimit = 600

    package let webhook: IncomingWebhook

    package init(_ webhook: IncomingWebhook) {
        self.webhook = webhook
    }

    package var markup: Markup { .slack }

    private struct Body: Encodable {
        /// Shown in the notification on a phone.
        let text: String
        let blocks: [Block]
    }

    private struct Block: Encodable {
        let type: String
        var text: Text?
        var fields: [Text]?
        var elements: [Text]?
    }

    private struct Text: Encodable {
        let type: String
        let text: String
        /// Whether Slack leaves URLs in the text as they are.
        var verbatim: Bool?

        static func mrkdwn(_ text: String) -> Text { Text(type: "mrkdwn", text: text, verbatim: true) }
    }

    package func body(for message: Message) throws -> [UInt8] {
        let title = markup.fitted(message.title, Self.titleLimit, in: .utf16)
        let text = markup.fitted(message.text, Self.textLimit, in: .utf16)
        var blocks = [
            Block(type: "header", text: Text(type: "plain_text", text: title)),
            Block(type: "section", text: .mrkdwn(text)),
        ]
        let fields = message.fields.prefix(Self.fieldCount).map { field in
            Text.mrkdwn(
                markup.fitted(
                    "*\(markup.escaped(field.label))*\n\(markup.escaped(field.value))", Self.fieldLimit, in: .utf16))
        }
        if !fields.isEmpty { blocks.append(Block(type: "section", fields: fields)) }
        blocks.append(Block(type: "context", elements: [.mrkdwn(message.id)]))
        return try MessageJSON.encoded(Body(text: title, blocks: blocks))
    }

    /// Only "ok" accepts the message. A hook or channel that is gone does not come back, so it is not retried.
    package func verdict(of result: TransferResult) -> AttemptResult {
        let answer = String(decoding: result.body.prefix(200), as: UTF8.self)
        switch result.status {
        case 200 where answer == "ok":
            return AttemptResult(.delivered, .done, "HTTP 200", of: result)
        case 200:
            return AttemptResult(
                .unknown, .again(.messageFailed), "HTTP 200, but not \"ok\": \(answer)", of: result)
        case .some(201...299):
            return AttemptResult(
                .unknown, .again(.messageFailed), "HTTP \(result.status ?? 0), which Slack does not answer",
                of: result)
        case 404 where answer.contains("no_service"), 410:
            return AttemptResult(
                .rejected, .disable, "HTTP \(result.status ?? 0): the webhook or its channel is gone: \(answer)",
                of: result)
        default:
            return AttemptResult(result)
        }
    }
}
