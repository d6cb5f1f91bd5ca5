import Certificates
import CurlBinding
import Messages

/// A workflow of Microsoft Teams that a webhook starts and that posts an Adaptive Card.
package struct TeamsReceiver: ChatReceiver {
    /// In UTF-16 units. A request may have some 28 kB, but one library measured 21 kB, so the card stays under 20,000
    /// bytes.
    static let titleLimit = 300
    static let textLimit = 3_000
    static let fieldLimit = 400
    static let byteLimit = 20_000

    package let webhook: IncomingWebhook

    package init(_ webhook: IncomingWebhook) {
        self.webhook = webhook
    }

    package var markup: Markup { .markdown }

    private struct Body: Encodable {
        let type = "message"
        let attachments: [Attachment]
    }

    private struct Attachment: Encodable {
        let contentType = "application/vnd.microsoft.card.adaptive"
        let contentUrl: String? = nil
        let content: Card

        enum CodingKeys: CodingKey { case contentType, contentUrl, content }

        /// Encodes `contentUrl` as null; synthesized encoding would omit it.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(contentType, forKey: .contentType)
            try container.encodeNil(forKey: .contentUrl)
            try container.encode(content, forKey: .content)
        }
    }

    private struct Card: Encodable {
        let schema = "http://adaptivecards.io/schemas/adaptive-card.json"
        let type = "AdaptiveCard"
        let version = "1.2"
        let body: [Element]
        let msteams = ["width": "full"]

        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case type, version, body, msteams
        }
    }

    private struct Element: Encodable {
        let type: String
        var text: String?
        var weight: String?
        var size: String?
        var color: String?
        var isSubtle: Bool?
        var wrap: Bool?
        var facts: [Fact]?
    }

    private struct Fact: Encodable {
        let title: String
        let value: String
    }

    package func body(for message: Message) throws -> [UInt8] {
        for textLimit in [Self.textLimit, 1_000, 300] {
            let body = try MessageJSON.encoded(card(message, textLimit: textLimit))
            if body.count <= Self.byteLimit { return body }
        }
        return try MessageJSON.encoded(card(message, textLimit: 300, fieldCount: 0))
    }

    private func card(_ message: Message, textLimit: Int, fieldCount: Int = .max) -> Body {
        let color =
            switch (message.isResolution, message.severity) {
            case (true, _): "good"
            case (false, .critical): "attention"
            case (false, .warning): "warning"
            case (false, .info): "accent"
            }
        var elements = [
            Element(
                type: "TextBlock", text: markup.fitted(message.title, Self.titleLimit, in: .utf16), weight: "bolder",
                size: "medium", color: color, wrap: true),
            Element(
                type: "TextBlock",
                // An Adaptive Card shows a single line feed as a space.
                text: markup.fitted(message.text.replacing("\n", with: "\n\n"), textLimit, in: .utf16), wrap: true),
        ]
        let facts = message.fields.prefix(fieldCount).map { field in
            Fact(
                title: markup.escaped(field.label),
                value: markup.fitted(markup.escaped(field.value), Self.fieldLimit, in: .utf16))
        }
        if !facts.isEmpty { elements.append(Element(type: "FactSet", facts: facts)) }
        elements.append(
            Element(type: "TextBlock", text: markup.escaped(message.id), size: "small", isSubtle: true, wrap: true))
        return Body(attachments: [Attachment(content: Card(body: elements))])
    }

    /// The former connectors and some proxies answer 200 with the failure in the body.
    package func verdict(of result: TransferResult) -> AttemptResult {
        let answer = String(decoding: result.body.prefix(200), as: UTF8.self)
        if let status = result.status, (200...299).contains(status), answer.contains("HTTP error ") {
            let isThrottled = answer.contains("429")
            return AttemptResult(
                .rejected, isThrottled ? .again(.busy) : .park,
                "HTTP \(status), with a failure in the answer: \(answer)", of: result)
        }
        return AttemptResult(result)
    }
}
