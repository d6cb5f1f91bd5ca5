import Certificates
import ExpiryRules

/// Everything that a message about a notice can say.
package struct NoticeFacts: Hashable, Sendable {
    package let identity: NoticeIdentity
    package let registration: String
    package let severity: Severity
    /// The finding's sentence.
    package let message: String?
    /// When it became true, and when notafter saw that.
    package let occurredAt: Instant
    package let observedAt: Instant
    /// The stages that passed while nobody looked, and since when nobody did.
    package let missed: [Stage]
    package let notObservedSince: Instant?
    /// The certificate; nil for a finding.
    package let certificate: Certificate?
    package let successor: Certificate?
    /// Where the certificate lies now, at most `locationLimit` places.
    package let locations: [Location]
    /// What else of the same subject was decided in this episode: the other stages of a certificate.
    package let earlier: [EarlierStage]
    /// When this was asked: at the first attempt to send it.
    package let askedAt: Instant

    package static let locationLimit = 20

    package init(
        identity: NoticeIdentity, registration: String, severity: Severity, message: String?, occurredAt: Instant,
        observedAt: Instant, missed: [Stage], notObservedSince: Instant?, certificate: Certificate?,
        successor: Certificate?, locations: [Location], earlier: [EarlierStage] = [], askedAt: Instant
    ) {
        self.identity = identity
        self.registration = registration
        self.severity = severity
        self.message = message
        self.occurredAt = occurredAt
        self.observedAt = observedAt
        self.missed = missed
        self.notObservedSince = notObservedSince
        self.certificate = certificate
        self.successor = successor
        self.locations = locations
        self.earlier = earlier
        self.askedAt = askedAt
    }

    /// The stage, for a notice of one.
    package var stage: Stage? {
        identity.stage >= 0 ? Stage(secondsBefore: identity.stage) : nil
    }
}

/// A stage that was told before, as it was told.
package struct EarlierStage: Hashable, Sendable {
    package let stage: Stage
    package let severity: Severity

    package init(stage: Stage, severity: Severity) {
        self.stage = stage
        self.severity = severity
    }
}
