import Certificates
import ExpiryRules
import Foundation
import LedgerStorage

/// The JSON body of a webhook, as docs/webhook.md specifies it.
///
/// It says nothing of the attempt that carries it, so that its bytes can be frozen: attempts differ in headers alone.
package struct NativeMessage: Encodable, Sendable {
    package let type: MessageType
    /// When what is told became true.
    package let timestamp: Instant
    package let data: MessageData

    /// - Parameters:
    ///   - facts: what is told.
    ///   - registration: as it is configured now; nil when it was taken out.
    ///   - id: the message's identifier.
    package init(_ facts: NoticeFacts, registration: Registration?, id: String) {
        self.type = MessageType(facts.identity)
        self.timestamp = facts.occurredAt
        self.data = MessageData(facts, registration: registration, id: id)
    }

    /// The bytes that are signed and sent: keys in alphabetical order, so that equal messages are equal bytes.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}

/// What a message is, as `type` in its body. Raw values are part of the contract.
package enum MessageType: String, Encodable, Hashable, Sendable, CaseIterable {
    case certificateExpiring = "certificate.expiring"
    case certificateExpired = "certificate.expired"
    case certificateRenewed = "certificate.renewed"
    case certificateRemoved = "certificate.removed"
    case registrationFinding = "registration.finding"
    case registrationRecovered = "registration.recovered"
    case endpointFailing = "endpoint.failing"
    case endpointRecovered = "endpoint.recovered"
    case test

    package init(_ notice: NoticeIdentity) {
        let concernsEndpoint = NoticeSubject(text: notice.subject).findingCode == .endpointFailing
        self =
            switch notice.kind {
            case .expiring: .certificateExpiring
            case .expired: .certificateExpired
            case .renewed: .certificateRenewed
            case .removed: .certificateRemoved
            case .finding: concernsEndpoint ? .endpointFailing : .registrationFinding
            case .findingResolved: concernsEndpoint ? .endpointRecovered : .registrationRecovered
            }
    }
}
