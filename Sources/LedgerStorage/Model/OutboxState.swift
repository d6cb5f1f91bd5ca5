import Certificates

/// The state of the outbox, for exit codes and summaries.
package struct OutboxState: Hashable, Sendable {
    /// Deliveries that are not settled, including parked ones.
    package let open: Int
    /// Deliveries that wait for the end of a silence, and are not counted as open.
    package let held: Int
    package let parked: Int
    /// Deliveries that expired undelivered since `since`.
    package let expired: Int
    /// Receivers that answered that they are gone.
    package let disabledReceivers: [String]
    /// Receivers with an open finding `receiver_unreachable`.
    package var unreachableReceivers: [String] = []
    /// The receivers that have open deliveries, by name.
    package var backlogs: [ReceiverBacklog] = []

    package static let empty = OutboxState(open: 0, held: 0, parked: 0, expired: 0, disabledReceivers: [])

    /// Whether an operator has to act: a receiver refuses messages, is gone or cannot be reached, or a notice expired
    /// undelivered.
    package var needsAction: Bool {
        parked > 0 || expired > 0 || !disabledReceivers.isEmpty || !unreachableReceivers.isEmpty
    }
}

/// The open deliveries of one receiver.
package struct ReceiverBacklog: Hashable, Sendable {
    package let receiver: String
    /// Deliveries that are neither settled nor held by a silence.
    package let open: Int
    /// The refused ones among them.
    package let parked: Int
    /// When the next one may be attempted; nil when the receiver is gone or all are held for manual retry.
    package let nextAttempt: Instant?
}
