import Certificates
import ExpiryRules

/// A notice of something that is true now, with what became of its deliveries.
package struct OpenNotice: Hashable, Sendable {
    /// The state of its delivery to one receiver.
    package struct Telling: Hashable, Sendable {
        package let receiver: String
        package let state: DeliveryState
        /// When it was settled; nil while it is open.
        package let settledAt: Instant?
        /// Whether a silence holds it.
        package let isSilenced: Bool
    }

    package let id: Int64
    package let subject: NoticeSubject
    package let kind: NoticeKind
    /// nil for a finding.
    package let stage: Stage?
    package let registration: String
    /// nil for a finding.
    package let fingerprint: Fingerprint?
    /// The name of the certificate or list; nil for a finding.
    package let name: String?
    package let severity: Severity
    /// What a finding states; nil for any other notice.
    package let finding: FindingFacts?
    package let observedAt: Instant
    /// When the certificate stops working; nil for a finding.
    package let expiry: Instant?
    package internal(set) var tellings: [Telling] = []
}

/// What needs a person now: the number of open notices of each severity, and the most urgent ones.
package struct OpenNotices: Sendable {
    package let counts: [Severity: Int]
    package let notices: [OpenNotice]
}
