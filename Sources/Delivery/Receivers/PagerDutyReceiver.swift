import Certificates
import CurlBinding
import Foundation
import Messages
import TransportSecurity

/// Events API v2 of PagerDuty. Each stage is an incident of its own, because a trigger for an acknowledged incident
/// notifies no one: after an acknowledgement at 30 days, the stage of 14 days would be missed.
package struct PagerDutyReceiver: HTTPReceiver {
    static let summaryLimit = 1_024
    static let byteLimit = 512_000
    static let publicURL = "https://events.pagerduty.com/v2/enqueue"

    private let url: String
    private let routingKeyFile: SecretFile
    package let connection: Connection

    package static let grouping = Grouping.incident
    package static let keys: [SettingKey] =
        [.required("routing_key_file", .secretFile), .optional("url", .webAddress)] + Connection.keys

    package init?(_ settings: ReceiverSettings) {
        guard let routingKeyFile = settings.secretFile("routing_key_file") else { return nil }
        self.routingKeyFile = routingKeyFile
        url = settings.text("url") ?? Self.publicURL
        connection = Connection(settings)
    }

    /// Without the routing key: it is a secret and is added only when the event is sent.
    private struct Event: Codable {
        let action: String
        let key: String
        let payload: Payload?
        let client: String?

        enum CodingKeys: String, CodingKey {
            case action = "event_action"
            case key = "dedup_key"
            case payload, client
        }
    }

    private struct Payload: Codable {
        let summary: String
        let source: String
        let severity: String
        let timestamp: String
        let component: String?
        let group: String?
        let kind: String
        let details: [String: String]

        enum CodingKeys: String, CodingKey {
            case summary, source, severity, timestamp, component, group
            case kind = "class"
            case details = "custom_details"
        }
    }

    package var takesSummaries: Bool { false }

    /// The trigger comes before the resolutions. PagerDuty ignores a resolution of an unknown key.
    package func body(for message: Message) throws -> [UInt8] {
        let trigger = message.incident.ongoing.map { trouble in
            Event(action: "trigger", key: trouble.key, payload: payload(of: message), client: "notafter")
        }
        let resolutions = message.incident.closed.map { trouble in
            Event(action: "resolve", key: trouble.key, payload: nil, client: nil)
        }
        return try MessageJSON.encoded([trigger].compactMap(\.self) + resolutions)
    }

    private func payload(of message: Message) -> Payload {
        var details = Dictionary(message.fields.map { ($0.label, $0.value) }) { first, _ in first }
        details["text"] = LengthUnit.bytes.fitted(message.text, 20_000)
        details["notice_id"] = message.id
        return Payload(
            summary: markup.fitted(message.title, Self.summaryLimit, in: .utf16),
            source: message.facts?.registration ?? "notafter",
            severity: message.type == .test ? "info" : message.severity.rawValue,
            timestamp: message.occurredAt.description,
            component: message.facts?.certificate.map { LengthUnit.utf16.fitted(markup.escaped($0.name), 255) },
            group: message.registration?.owner, kind: message.type.rawValue, details: details)
    }

    /// The requests can be repeated, because PagerDuty deduplicates by key.
    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        let events = try JSONDecoder().decode([Event].self, from: Data(attempt.body))
        let key = try routingKeyFile.read()
        return try events.map { event in
            let body = try MessageJSON.object(try MessageJSON.encoded(event), adding: ["routing_key": key.exposed])
            return .json(Secret(url), body, secrets: [key])
        }
    }

    /// 202 is the acceptance.
    package func verdict(of result: TransferResult) -> AttemptResult {
        switch result.status {
        case 202:
            return AttemptResult(.delivered, .done, "HTTP 202", of: result)
        case .some(200...299):
            return AttemptResult(
                .unknown, .again(.messageFailed),
                "HTTP \(result.status ?? 0), where PagerDuty answers 202\(AttemptResult.answer(result))", of: result)
        case 429:
            var attemptResult = AttemptResult(result)
            // PagerDuty asks for "a few minutes" and sends no header.
            attemptResult.retryAfterSeconds = max(attemptResult.retryAfterSeconds ?? 0, 180)
            return attemptResult
        default:
            return AttemptResult(result)
        }
    }
}
