import Certificates
import Foundation
import OpenSSLBinding

/// Version 4 of the body that Alertmanager sends to webhooks (alertmanager, docs/configuration.md, `webhook_config`).
struct AlertmanagerWebhook: Encodable {
    private static let never = "0001-01-01T00:00:00Z"

    struct Alert: Encodable {
        let status: String
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        /// Go's zero time while the alert fires.
        let endsAt: String
        let generatorURL: String
        let fingerprint: String
    }

    let version = "4"
    let groupKey: String
    let truncatedAlerts = 0
    let status: String
    let receiver: String
    let groupLabels: [String: String]
    let commonLabels: [String: String]
    let commonAnnotations: [String: String]
    let externalURL = ""
    let alerts: [Alert]

    init(_ message: Message) throws {
        let endedAt = message.occurredAt.description
        let all = AlertmanagerAlert.all(of: message)
        alerts = try all.map { alert in
            Alert(
                status: alert.isFiring ? "firing" : "resolved", labels: alert.labels, annotations: alert.annotations,
                startsAt: alert.startsAt, endsAt: alert.isFiring ? Self.never : endedAt, generatorURL: "",
                fingerprint: try Self.fingerprint(alert.labels))
        }
        status = message.isResolution ? "resolved" : "firing"
        receiver = message.receiver
        commonLabels = Self.common(all.map(\.labels))
        groupLabels = commonLabels.filter { $0.key == "alertname" }
        groupKey = "{}:{\(groupLabels.map { "\($0)=\"\($1)\"" }.joined())}"
        commonAnnotations = Self.common(all.map(\.annotations))
    }

    /// The pairs that all maps share.
    private static func common(_ maps: [[String: String]]) -> [String: String] {
        guard let first = maps.first else { return [:] }
        return first.filter { key, value in maps.allSatisfy { $0[key] == value } }
    }

    /// Sixteen hexadecimal digits that identify the labels. Their form is Alertmanager's, their value is not.
    private static func fingerprint(_ labels: [String: String]) throws -> String {
        let text = labels.sorted { $0.key < $1.key }.map { "\($0)\0\($1)\0" }.joined()
        return try SHA256().digest(Array(text.utf8)).prefix(8)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
