import Certificates
import ExpiryRules

/// The life of a delivery. Raw values stand in the ledger.
///
/// `pending`, `retry`, `unknown` and `parked` are claimed when they are due; `sending` ends by a settlement, or is taken
/// over when its lease is over; the others are final.
package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
    case pending
    /// Claimed: somebody sends it, until its lease is over.
    case sending
    /// The receiver surely does not have it; it is tried again.
    case retry
    /// The receiver may have it: no answer was seen. Tried again under the same id.
    case unknown
    /// The receiver refused it; tried again rarely, and at once when its settings change.
    case parked
    case delivered
    /// A more urgent stage is told instead.
    case superseded
    /// Renewed, removed or unregistered before it was told.
    case cancelled
    /// Nobody needs to hear it any more.
    case expired

    /// What can still be sent.
    package var isOpen: Bool {
        switch self {
        case .pending, .sending, .retry, .unknown, .parked: true
        case .delivered, .superseded, .cancelled, .expired: false
        }
    }
}

/// What became of one attempt. Raw values stand in the ledger.
package enum AttemptOutcome: String, Hashable, Sendable, CaseIterable {
    /// The receiver has it and said so.
    case delivered
    /// The receiver answered that it does not take it.
    case rejected
    /// It never left.
    case notSent = "not_sent"
    /// It left, and no answer tells whether it arrived.
    case unknown
}

/// What one attempt learned, and what follows from it.
package struct Settlement: Hashable, Sendable {
    package enum Consequence: Hashable, Sendable {
        case delivered
        /// Once more, not before this instant.
        case retry(Instant)
        /// It may have arrived, and waits for a person's word.
        case hold
        /// Refused as it is: once more at once, in the fewest words.
        case simplify
        /// Refused as it is: its notices go on one by one, at once.
        case split
        /// Refused for good as it is; looked at again at this instant.
        case park(Instant)
        /// The receiver says that it is gone: nothing is sent there until its settings change.
        case disable

        /// Whether the receiver wants it, or everything, no more until somebody has mended something.
        var isRefusal: Bool {
            switch self {
            case .park, .disable: true
            case .delivered, .retry, .hold, .simplify, .split: false
            }
        }
    }

    package let outcome: AttemptOutcome
    package let consequence: Consequence
    /// What the attempt says about the receiver, for its gate.
    package let evidence: ReceiverEvidence
    /// In thousandths, for the gate's back-off: drawn before the transaction, which may run twice.
    package let jitter: Int64
    /// The HTTP status; nil where there was no answer.
    package let status: Int?
    /// What was answered, for people; no secret.
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
    /// What is said of something that is held after `detail`.
    static func heldDetail(_ detail: String) -> String {
        "\(detail); it may have arrived, and on_unknown is hold: `notafter deliveries retry` sends it again"
    }
}
