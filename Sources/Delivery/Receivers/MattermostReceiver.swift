import Certificates
import CurlBinding
import Messages

/// An incoming webhook of Mattermost (developers.mattermost.com, "Incoming webhooks").
package struct MattermostReceiver: ChatReceiver {
    /// UTF-16 units, for the message as a whole.
    static let limit = 16_383
    static let fieldLimit = 1_000

    package let webhook: IncomingWebhook

    package init(_ webhook: IncomingWebhook) {
        self.webhook = webhook
    }

    package var markup: Markup { .markdown }

    private struct Body: Encodable {
        let text: String
    }

    package func body(for message: Message) throws -> [UInt8] {
        let title = markup.fitted(message.title, 300, in: .utf16)
        let rows = message.fields.map { field in
            let value = markup.fitted(markup.escaped(field.value), Self.fieldLimit, in: .utf16)
            return "| \(markup.escaped(field.label)) | \(value) |"
        }
        let table = rows.isEmpty ? [] : ["", "| | |", "|---|---|"] + rows
        let tail = (table + ["", markup.escaped(message.id)]).joined(separator: "\n")
        let room = Self.limit - title.utf16.count - tail.utf16.count - 16
        let text = markup.fitted(message.text, room, in: .utf16)
        return try MessageJSON.encoded(Body(text: "#### \(title)\n\(text)\n\(tail)"))
    }

    /// 404 is retried, because Mattermost also answers 404 while it starts or while a node lacks a plug-in.
    package func verdict(of result: TransferResult) -> AttemptResult {
        guard result.status == 404 else { return AttemptResult(result) }
        return AttemptResult(
            .rejected, .again(.messageFailed),
            "HTTP 404: no such webhook, or Mattermost is not ready\(AttemptResult.answer(result))", of: result)
    }
}
