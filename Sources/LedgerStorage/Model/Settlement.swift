import Certificates
import ExpiryRules

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
    /// What the attempt means for the deliveries in its message.
    var event: DeliveryEvent {
        switch (consequence, outcome) {
        case (.delivered, _): .accepted
        case (.hold, _), (_, .unknown): .unanswered
        case (.park, _), (.disable, _): .refused
        case (.retry, _), (.simplify, _), (.split, _): .failed
        }
    }

    /// The reason of a delivery that is held for manual retry after `detail`.
    static func heldDetail(_ detail: String) -> String {
        "\(detail); it may have arrived, and on_unknown is hold: `notafter deliveries retry` sends it again"
    }
}
