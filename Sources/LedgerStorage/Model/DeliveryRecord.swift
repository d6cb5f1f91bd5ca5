import Certificates
import ExpiryRules

/// One try, as the ledger remembers it.
package struct AttemptRecord: Hashable, Sendable {
    /// Counts from 1.
    package let number: Int
    package let startedAt: Instant
    /// nil while it is on its way.
    package let outcome: AttemptOutcome?
    package let status: Int?
    /// What was answered, for people; no secret.
    package let detail: String?
    package let milliseconds: Int?
}

/// One notice for one receiver, with its whole story.
package struct DeliveryRecord: Hashable, Sendable {
    package let id: Int64
    package let receiver: String
    /// What chose the receiver, for people, such as `route.receivers`.
    package let namedBy: String?
    package let identity: NoticeIdentity
    package let registration: String
    /// The certificate's or list's; nil for a finding.
    package let fingerprint: Fingerprint?
    /// The certificate's subject, or what a finding says.
    package let about: String
    /// When the notice was decided.
    package let decidedAt: Instant
    package let state: DeliveryState
    /// Why it is in its state, where that needs a reason.
    package let reason: String?
    /// Whether an attempt may have reached the receiver without our knowing.
    package let mayHaveBeenSeen: Bool
    /// When it may be tried next, the receiver's gate considered; nil when it is settled or held, or its
    /// receiver is gone.
    package let nextAttempt: Instant?
    /// Whether it waits for a person's word, since it may have arrived.
    package let waitsForWord: Bool
    /// The silence that holds it; nil when none does.
    package let hold: DeliveryHold?
    /// The end of the receiver's quiet hours, for which it waits or has waited; nil when none held it.
    package let quietUntil: Instant?
    package let settledAt: Instant?
    /// The identifier of the message that carries it; nil before its first attempt.
    package let messageIdentifier: String?
    /// How many notices that message carried when it was frozen: several in a digest.
    package let messagePartCount: Int
    package internal(set) var attempts: [AttemptRecord]

    /// The stage, for a notice of one.
    package var stage: Stage? { identity.stage >= 0 ? Stage(secondsBefore: identity.stage) : nil }
}

/// Why a delivery is held, and until when.
package struct DeliveryHold: Hashable, Sendable {
    /// The silence's id.
    package let silence: Int64
    package let until: Instant
    package let author: String
    package let reason: String
}

/// What came of a person's wish for one delivery.
package enum DeliveryIntervention: Hashable, Sendable {
    case done
    case unknown
    /// It is settled, or on its way just now.
    case impossible(DeliveryState)
    /// A silence holds it.
    case held(DeliveryHold)
}
