import Certificates
import ExpiryRules
import OpenSSLBinding

/// The body that Cloudflare sends to a webhook about the expiry of an Access certificate (Cloudflare, "Webhook payload
/// schema"). It has exactly these keys, so that a hook written for Cloudflare works unchanged. Values that only
/// Cloudflare knows are empty.
struct CloudflareNotification: Encodable {
    struct Content: Encodable {
        let accountName: String
        let accountTag = ""
        let certificateID: String
        let daysUntilExpiration: Int64
        let hostnames: String
        let zoneName = ""
        let zoneTag = ""

        enum CodingKeys: String, CodingKey {
            case hostnames
            case accountName = "account_name"
            case accountTag = "account_tag"
            case certificateID = "certificate_id"
            case daysUntilExpiration = "days_til_expiration"
            case zoneName = "zone_name"
            case zoneTag = "zone_tag"
        }
    }

    let name: String
    let text: String
    let data: Content
    /// Unix seconds.
    let timestamp: Int64
    let accountID = ""
    /// A UUID of the registration. Cloudflare sends the UUID of its policy here.
    let policyID: String
    let policyName: String
    let alertType = "access_custom_certificate_expiration_type"
    let correlationID: String
    let event: String

    enum CodingKeys: String, CodingKey {
        case name, text, data
        case timestamp = "ts"
        case accountID = "account_id"
        case policyID = "policy_id"
        case policyName = "policy_name"
        case alertType = "alert_type"
        case correlationID = "alert_correlation_id"
        case event = "alert_event"
    }

    init(_ message: Message) throws {
        name = message.title
        text = message.text
        timestamp = message.occurredAt.seconds
        policyName = message.facts?.registration ?? message.receiver
        policyID = Self.uuid(try SHA256().digest(Array("policy/1\0\(policyName)".utf8)))
        correlationID = (message.incident.ongoing ?? message.incident.over.last)?.key ?? message.id
        event = message.isResolution ? "ALERT_STATE_EVENT_END" : "ALERT_STATE_EVENT_START"
        let left = message.facts.flatMap { facts in facts.expiry.map { $0 - facts.observedAt } }
        data = Content(
            accountName: message.registration?.owner ?? "",
            certificateID: message.facts?.certificate?.fingerprint.description ?? "",
            daysUntilExpiration: max(0, left?.wholeDays ?? 0),
            hostnames: (message.registration?.hostnames ?? []).joined(separator: ", "))
    }

    /// A UUID of version 8 (RFC 9562 5.8) from a hash, so that it is the same on every node.
    private static func uuid(_ hash: [UInt8]) -> String {
        var bytes = Array(hash.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 0x0F, radix: 16) }
        return [digits[..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10...]]
            .map { $0.joined() }.joined(separator: "-")
    }
}
