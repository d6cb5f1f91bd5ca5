import Certificates
import ExpiryRules
import LedgerStorage
import Messages
import Monitor

/// A forecast as `forecast --json` prints it; docs/operations.md names the keys. Every key is always present.
struct ForecastObject: Encodable {
    private let from: Instant
    private let until: Instant
    private let assumption = Forecast.assumption
    private let notices: [NoticeObject]
    private let undeliverable: [DeliveryStory]
    private let findings: [StandingFinding]

    init(_ forecast: Forecast) throws {
        from = forecast.from
        until = forecast.until
        notices = forecast.notices.map(NoticeObject.init)
        undeliverable = try forecast.undeliverable.map(DeliveryStory.init)
        findings = forecast.findings.map { StandingFinding($0) }
    }
}

private struct NoticeObject: Encodable {
    struct Audience: Encodable {
        let name: String
        let messageID: String

        enum CodingKeys: String, CodingKey {
            case name
            case messageID = "message_id"
        }
    }

    private let notice: ForecastNotice
    private let receivers: [Audience]

    init(_ notice: ForecastNotice) {
        self.notice = notice
        receivers = notice.audience.map { Audience(name: $0.name, messageID: $0.messageID) }
    }

    private enum CodingKeys: String, CodingKey {
        case at, type, stage, severity, code, registration, subject, title, text, waiting, receivers
        case fingerprint = "fingerprint_sha256"
        case effectiveExpiry = "effective_expiry"
    }

    func encode(to encoder: any Encoder) throws {
        let facts = notice.facts
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(notice.at, forKey: .at)
        try container.encode(MessageType(facts.identity).rawValue, forKey: .type)
        try container.encode(facts.stage?.description, forKey: .stage)
        try container.encode(facts.severity.rawValue, forKey: .severity)
        try container.encode(
            facts.identity.subject.findingCode?.rawValue, forKey: .code)
        try container.encode(facts.registration, forKey: .registration)
        try container.encode(facts.object?.name, forKey: .subject)
        try container.encode(facts.object?.fingerprint.description, forKey: .fingerprint)
        try container.encode(facts.expiry, forKey: .effectiveExpiry)
        try container.encode(notice.title, forKey: .title)
        try container.encode(notice.text, forKey: .text)
        try container.encode(notice.waiting?.rawValue, forKey: .waiting)
        try container.encode(receivers, forKey: .receivers)
    }
}
