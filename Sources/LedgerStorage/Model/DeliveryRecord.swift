import Certificates
import ExpiryRules

/// One attempt in the ledger.
package struct AttemptRecord: Hashable, Sendable {
    /// Counts from 1.
    package let number: Int
    package let startedAt: Instant
    /// nil while the attempt is in progress.
    package let outcome: AttemptOutcome?
    package let status: Int?
    /// The answer, for people. It contains no secret.
    package let detail: String?
    package let milliseconds: Int?
}

/// One notice for one receiver, with its attempts.
package struct DeliveryRecord: Hashable, Sendable {
    package let id: Int64
    package let receiver: String
    /// The rule that selected the receiver, for people, such as `route.receivers`.
    package let namedBy: String?
    package let identity: NoticeIdentity
    package let registration: String
    /// The fingerprint of the certificate or list; nil for a finding.
    package let fingerprint: Fingerprint?
    /// The certificate's subject, or the list's issuer; nil for a finding.
    package let name: String?
    /// What a finding states; nil for any other notice.
    package let finding: FindingFacts?
    /// When the notice was decided.
    package let decidedAt: Instant
    package let state: DeliveryState
    /// The reason for its state, for states that have one.
    package let reason: String?
    /// Whether an attempt without a known outcome may have reached the receiver.
    package let mayHaveBeenSeen: Bool
    /// When it may be attempted next, given the receiver's gate; nil when it is settled or held, or when the receiver
    /// is gone.
    package let nextAttempt: Instant?
    /// Whether it is held for manual retry because it may have arrived.
    package let waitsForWord: Bool
    /// The silence that holds it; nil without one.
    package let hold: DeliveryHold?
    /// The end of the receiver's quiet hours for which it waits or has waited; nil if it did not wait.
    package let quietUntil: Instant?
    package let settledAt: Instant?
    /// The identifier of the message that contains it; nil before its first attempt.
    package let messageIdentifier: String?
    /// The number of notices in that message when it was frozen; several in a digest.
    package let messagePartCount: Int
    package internal(set) var attempts: [AttemptRecord]

    /// The certificate's subject, or the sentence of a finding.
    package func about(in language: Language) -> String {
        guard let finding, let code = identity.subject.findingCode else { return name ?? "" }
        return finding.text(of: code, in: language)
    }

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

/// The result of an operator's command for one delivery.
package enum DeliveryIntervention: Hashable, Sendable {
    case done
    case unknown
    /// The delivery is settled or is being sent.
    case impossible(DeliveryState)
    /// A silence holds it.
    case held(DeliveryHold)
}
