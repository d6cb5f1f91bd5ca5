import Certificates
import LedgerStorage

/// A message as a CloudEvent 1.0 (cloudevents/spec, HTTP protocol binding).
struct CloudEvent {
    private struct Structured: Encodable {
        let specversion: String
        let id: String
        let source: String
        let type: String
        let time: Instant
        let subject: String
        let severitytext: String
        let expirytime: Instant?
        let datacontenttype: String
        let data: NativeMessage.Content
    }

    private let event: Structured

    init(_ message: Message) {
        let content = NativeMessage.content(of: message)
        event = Structured(
            specversion: "1.0", id: message.id, source: "/notafter", type: "notafter.\(message.type.rawValue)",
            time: message.occurredAt, subject: content.subject,
            severitytext: message.severity.rawValue.uppercased(),
            expirytime: message.isResolution ? nil : message.facts?.expiry.map { $0 + .days(7) },
            datacontenttype: "application/json", data: content)
    }

    func structured() throws -> [UInt8] {
        try MessageJSON.encoded(event)
    }

    /// Headers and data. Both are frozen, so that each attempt sends the same.
    func binary() throws -> [UInt8] {
        let headers = [
            "ce-specversion": event.specversion, "ce-id": event.id, "ce-source": event.source, "ce-type": event.type,
            "ce-time": event.time.description, "ce-subject": event.subject, "ce-severitytext": event.severitytext,
            "ce-expirytime": event.expirytime?.description,
        ].compactMapValues { $0 }.mapValues(Self.percentEncoded)
        return try FrozenEnvelope(fields: headers, content: MessageJSON.encoded(event.data)).frozen()
    }

    static func wire(binary frozen: [UInt8]) throws -> (headers: [MessageHeader], body: [UInt8]) {
        let envelope = try FrozenEnvelope(frozen: frozen)
        let headers = envelope.fields.sorted { $0.key < $1.key }.map { MessageHeader($0.key, $0.value) }
        return ([MessageHeader("Content-Type", "application/json")] + headers, envelope.content)
    }

    /// Encodes space, `"`, `%` and everything outside U+0021 to U+007E (HTTP protocol binding 3.1.3.2).
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "%")
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }
}
