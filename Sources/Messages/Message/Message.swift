import Certificates
import ExpiryRules
import LedgerStorage

/// A message to one receiver, before it is encoded for its service.
package struct Message: Sendable {
    package internal(set) var id: String
    package let type: MessageType
    package let receiver: String
    package let incident: Incident
    package let severity: Severity
    /// When the condition that the message reports began.
    package let occurredAt: Instant
    /// In the receiver's markup. The title is one line, the text one or two sentences.
    package var title: String
    package var text: String
    /// Further facts in plain text, for services that show a table.
    package internal(set) var fields: [Field]
    /// nil for a test and a digest.
    package let facts: NoticeFacts?
    /// The registration as configured now; nil for a test, and when it was removed from the configuration.
    package let registration: Registration?
    /// The notices of a digest, the most urgent first. Empty for any other message.
    package var members: [Message] = []
    /// Whether this is the short form, without lists and tables, that is sent after the receiver refused the full one.
    package var isMinimal = false

    /// The language of the built-in texts.
    package internal(set) var language = Language.english

    package struct Field: Hashable, Sendable {
        package let label: String
        package let value: String
    }

    /// `firing`, `resolved` or, for a summary, `information`.
    package var status: String { type == .summary ? "information" : isResolution ? "resolved" : "firing" }

    /// Whether the message opens no incident: it ends earlier ones, or is a summary.
    package var isResolution: Bool { incident.ongoing == nil }
}

/// The incidents that a message opens and ends, for services that keep incidents.
package struct Incident: Hashable, Sendable {
    /// A stage of a certificate, a finding, or a failing endpoint.
    package struct Trouble: Hashable, Sendable {
        /// The deduplication key. The messages that open and end the incident have the same key, on every node.
        package let key: String
        /// nil for a finding.
        package let stage: Stage?
        package let severity: Severity
        /// Whether the receiver had it as part of a digest, which is an incident of its own.
        package var isPartOfDigest = false
    }

    /// nil for a message that only ends incidents.
    package let ongoing: Trouble?
    /// The incidents that end with this message: the earlier stages when a more urgent stage begins, all of them at the
    /// resolution.
    package let over: [Trouble]
    /// The digests whose last open notice ends with this message.
    package var digestsOver: [Trouble] = []

    /// The incidents to close in a service that keeps one incident for a whole digest.
    package var closed: [Trouble] { over.filter { !$0.isPartOfDigest } + digestsOver }
}
