import Certificates
import ExpiryRules
import LedgerStorage

/// The JSON body of a webhook, as docs/webhook.md specifies it.
///
/// It contains nothing about the attempt, so that its bytes can be frozen: attempts differ only in their headers.
package enum NativeMessage {
    /// `data` of any message.
    enum Content: Encodable {
        case notice(MessageData)
        case digest(DigestData)
        case summary(SummaryData)
        case test(TestData)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .notice(let data): try data.encode(to: encoder)
            case .digest(let data): try data.encode(to: encoder)
            case .summary(let data): try data.encode(to: encoder)
            case .test(let data): try data.encode(to: encoder)
            }
        }

        /// The subject of the CloudEvent.
        var subject: String {
            switch self {
            case .notice(let data): data.subject
            case .digest: "digest"
            case .summary: "summary"
            case .test: "test"
            }
        }
    }

    /// `data` of a digest.
    struct DigestData: Encodable {
        let schema = 1
        let noticeID: String
        let status: MessageData.Status
        let severity: String
        let text: String
        let members: [Member]

        enum CodingKeys: String, CodingKey {
            case schema, status, severity, text, members
            case noticeID = "notice_id"
        }

        /// One notice, with the same keys as a message of its own.
        struct Member: Encodable {
            let type: MessageType
            let timestamp: Instant
            let data: Content
        }
    }

    /// `data` of a test.
    struct TestData: Encodable {
        let schema = 1
        let text: String
    }

    private struct Body: Encodable {
        let type: MessageType
        let timestamp: Instant
        let data: Content
    }

    static func content(of message: Message) -> Content {
        if let facts = message.facts, let summary = facts.summaryFacts {
            return .summary(
                SummaryData(
                    summary, at: facts.askedAt, id: message.id, text: message.text, isMinimal: message.isMinimal))
        }
        if let facts = message.facts {
            return .notice(
                MessageData(
                    facts, registration: message.registration, id: message.id, text: message.text,
                    isMinimal: message.isMinimal))
        }
        guard message.type == .digest else { return .test(TestData(text: message.text)) }
        return .digest(
            DigestData(
                noticeID: message.id, status: message.isResolution ? .resolved : .firing,
                severity: message.severity.rawValue, text: message.text,
                members: message.members.map {
                    DigestData.Member(type: $0.type, timestamp: $0.occurredAt, data: content(of: $0))
                }))
    }

    /// The bytes that are signed and sent.
    package static func encoded(_ message: Message) throws -> [UInt8] {
        try MessageJSON.encoded(Body(type: message.type, timestamp: message.occurredAt, data: content(of: message)))
    }
}

/// The `type` in a message's body. Raw values are part of the contract.
package enum MessageType: String, Encodable, Hashable, Sendable, CaseIterable {
    case certificateExpiring = "certificate.expiring"
    case certificateExpired = "certificate.expired"
    case certificateRenewed = "certificate.renewed"
    case certificateRemoved = "certificate.removed"
    case certificateWithdrawn = "certificate.withdrawn"
    case revocationListExpiring = "revocation_list.expiring"
    /// The list is stale: its nextUpdate has passed.
    case revocationListExpired = "revocation_list.expired"
    case revocationListRenewed = "revocation_list.renewed"
    case revocationListRemoved = "revocation_list.removed"
    case revocationListWithdrawn = "revocation_list.withdrawn"
    case registrationFinding = "registration.finding"
    case registrationRecovered = "registration.recovered"
    case endpointFailing = "endpoint.failing"
    case endpointRecovered = "endpoint.recovered"
    /// Several notices in one message.
    case digest
    /// The periodic message about everything that is watched.
    case summary
    case test

    package init(_ notice: NoticeIdentity) {
        let subject = notice.subject
        let concernsEndpoint = subject.findingCode?.concern == .endpoint
        let isList = subject.objectKind == .revocationList
        self =
            switch notice.kind {
            case .expiring: isList ? .revocationListExpiring : .certificateExpiring
            case .expired: isList ? .revocationListExpired : .certificateExpired
            case .renewed: isList ? .revocationListRenewed : .certificateRenewed
            case .removed: isList ? .revocationListRemoved : .certificateRemoved
            case .withdrawn: isList ? .revocationListWithdrawn : .certificateWithdrawn
            case .finding: concernsEndpoint ? .endpointFailing : .registrationFinding
            case .summary: .summary
            case .findingResolved: concernsEndpoint ? .endpointRecovered : .registrationRecovered
            }
    }
}
