import Certificates
import ExpiryRules
import LedgerStorage

/// What one receiver is told, before it is put into the words of its service.
package struct Message: Sendable {
    package internal(set) var id: String
    package let type: MessageType
    package let receiver: String
    package let incident: Incident
    package let severity: Severity
    /// When what is told became true.
    package let occurredAt: Instant
    /// In the receiver's markup: one line, and one or two sentences.
    package internal(set) var title: String
    package internal(set) var text: String
    /// What else is known, for services that show it as a table; plain text.
    package internal(set) var fields: [Field]
    /// nil for a test and a digest.
    package let facts: NoticeFacts?
    /// As it is configured now; nil for a test, and when it was taken out.
    package let registration: Registration?
    /// What a digest tells, the worst first; empty for what is none.
    package var members: [Message] = []
    /// Whether the receiver refused it as it was: then lists and tables are left out.
    package var isMinimal = false

    /// Of the built-in words.
    package internal(set) var language = Language.english

    package struct Field: Hashable, Sendable {
        package let label: String
        package let value: String
    }

    /// `firing`, `resolved` or, for what is neither, `information`.
    var status: String { type == .summary ? "information" : isResolution ? "resolved" : "firing" }

    /// Whether it says that something is over.
    package var isResolution: Bool { incident.ongoing == nil }
}

/// What a message is to a service that keeps incidents: what it opens, and what it ends.
package struct Incident: Hashable, Sendable {
    /// A stage of a certificate, a finding, or a failing endpoint.
    package struct Trouble: Hashable, Sendable {
        /// The same in the message that opens it and in the one that ends it, on every node.
        package let key: String
        /// nil for a finding.
        package let stage: Stage?
        package let severity: Severity
        /// Whether the receiver was told of it in a digest, which is one incident by itself.
        package var isPartOfDigest = false
    }

    /// nil when it is over.
    package let ongoing: Trouble?
    /// What ends with this message: the milder stages when a more urgent one is told, all of them when it is over.
    package let over: [Trouble]
    /// The digests of which nothing is left with this message.
    package var digestsOver: [Trouble] = []

    /// What a service closes that has one incident for all of a digest.
    var closed: [Trouble] { over.filter { !$0.isPartOfDigest } + digestsOver }
}
