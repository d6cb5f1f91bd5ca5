import Certificates
import ExpiryRules

/// The state of a delivery. The ledger stores the raw values.
///
/// `pending`, `retry`, `unknown` and `parked` are claimed when they are due. `sending` ends with a settlement, or
/// another claimant takes it over when its lease has expired. The other states are final.
package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
    case pending
    /// Claimed, and being sent until its lease expires.
    case sending
    /// The receiver certainly does not have it. It is retried.
    case retry
    /// The receiver may have it, since there was no answer. It is retried under the same id.
    case unknown
    /// The receiver refused it. It is retried rarely, and at once when the receiver's settings change.
    case parked
    case delivered
    /// A notice of a more urgent stage replaced it.
    case superseded
    /// The certificate was renewed, removed or unregistered before the delivery.
    case cancelled
    /// It was not delivered while it was useful.
    case expired

    /// Whether the delivery can still be sent.
    package var isOpen: Bool {
        switch self {
        case .pending, .sending, .retry, .unknown, .parked: true
        case .delivered, .superseded, .cancelled, .expired: false
        }
    }
}

/// The outcome of one attempt. The ledger stores the raw values.
package enum AttemptOutcome: String, Hashable, Sendable, CaseIterable {
    /// The receiver accepted the message.
    case delivered
    /// The receiver answered and refused the message.
    case rejected
    /// Nothing was sent.
    case notSent = "not_sent"
    /// Something was sent, but no answer shows whether the message arrived.
    case unknown
}

/// The result of one attempt, and its consequence for the delivery.
package struct Settlement: Hashable, Sendable {
    package enum Consequence: Hashable, Sendable {
        case delivered
        /// Retry at this instant or later.
        case retry(Instant)
        /// It may have arrived, and is held for manual retry.
        case hold
        /// The content was refused. The minimal form is sent at once.
        case simplify
        /// The content was refused. Its notices are sent one by one, at once.
        case split
        /// The message was refused permanently. It is attempted again at this instant.
        case park(Instant)
        /// The receiver is gone. Nothing is sent there until its settings change.
        case disable

        /// Whether the receiver refused this message, or all messages, until a person fixes the cause.
        var isRefusal: Bool {
            switch self {
            case .park, .disable: true
            case .delivered, .retry, .hold, .simplify, .split: false
            }
        }
    }

    package let outcome: AttemptOutcome
    package let consequence: Consequence
    /// The evidence about the receiver, for its gate.
    package let evidence: ReceiverEvidence
    /// In thousandths, for the gate's back-off. It is drawn before the transaction, because that may run twice.
    package let jitter: Int64
    /// The HTTP status; nil without an answer.
    package let status: Int?
    /// The answer, for people. It contains no secret.
    package let detail: String
    package let milliseconds: Int

    package init(
        outcome: AttemptOutcome, consequence: Consequence, evidence: ReceiverEvidence, jitter: Int64 = 1_000,
        status: Int?, detail: String, milliseconds: Int
    ) {
        self.outcome = outcome
        self.consequence = consequence
        self.evidence = evidence
        self.jitter = jitter
        self.status = status
        self.detail = detail
        self.milliseconds = milliseconds
    }
}

extension Settlement {
    /// The reason of a delivery that is held for manual retry after `detail`.
    static func heldDetail(_ detail: String) -> String {
        "\(detail); it may have arrived, and on_unknown is hold: `notafter deliveries retry` sends it again"
    }
}
