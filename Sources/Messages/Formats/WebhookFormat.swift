/// The body formats of a webhook. Raw values are those of the configuration.
package enum WebhookFormat: String, Hashable, Sendable, CaseIterable {
    /// docs/webhook.md
    case native
    /// CloudEvents 1.0, structured mode: one JSON object with the attributes and the native `data`.
    case cloudEvents = "cloudevents"
    /// CloudEvents 1.0, binary mode: attributes in `ce-` headers, the native `data` as the body.
    case cloudEventsBinary = "cloudevents-binary"
    /// Version 4 of Alertmanager's webhook, for services that already understand it.
    case alertmanager
    /// The body of Cloudflare's notifications about Access certificates.
    case cloudflare

    /// Whether the format can express a summary.
    package var takesSummaries: Bool {
        switch self {
        case .native, .cloudEvents, .cloudEventsBinary: true
        case .alertmanager, .cloudflare: false
        }
    }

    /// The body that the ledger freezes.
    package func body(for message: Message) throws -> [UInt8] {
        switch self {
        case .native: try NativeMessage.encoded(message)
        case .cloudEvents: try CloudEvent(message).structured()
        case .cloudEventsBinary: try CloudEvent(message).binary()
        case .alertmanager: try MessageJSON.encoded(AlertmanagerWebhook(message))
        case .cloudflare: try MessageJSON.encoded(try CloudflareNotification(message))
        }
    }

    /// The headers of the format and the request's body, from a frozen body.
    package func wire(_ frozen: [UInt8]) throws -> (headers: [MessageHeader], body: [UInt8]) {
        switch self {
        case .native, .alertmanager, .cloudflare:
            ([MessageHeader("Content-Type", "application/json")], frozen)
        case .cloudEvents:
            ([MessageHeader("Content-Type", "application/cloudevents+json; charset=UTF-8")], frozen)
        case .cloudEventsBinary:
            try CloudEvent.wire(binary: frozen)
        }
    }
}
