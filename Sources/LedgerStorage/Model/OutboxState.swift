import Certificates

/// How the outbox stands, for exit codes and summaries.
package struct OutboxState: Hashable, Sendable {
    /// Deliveries not yet settled, parked ones among them.
    package let open: Int
    /// Deliveries that wait for the end of a silence, and are not counted as open.
    package let held: Int
    package let parked: Int
    /// Deliveries that expired undelivered since `since`.
    package let expired: Int
    /// Receivers that said they are gone.
    package let disabledReceivers: [String]
    /// Receivers that take nothing, and of which that is told (`receiver_unreachable`).
    package var unreachableReceivers: [String] = []
    /// Receivers for which something is open, by name.
    package var backlogs: [ReceiverBacklog] = []

    package static let empty = OutboxState(open: 0, held: 0, parked: 0, expired: 0, disabledReceivers: [])

    /// Whether an operator has to act: a receiver refuses, is gone or takes nothing, or a notice expired undelivered.
    package var needsAction: Bool {
        parked > 0 || expired > 0 || !disabledReceivers.isEmpty || !unreachableReceivers.isEmpty
    }
}

/// What is open for one receiver.
package struct ReceiverBacklog: Hashable, Sendable {
    package let receiver: String
    /// Deliveries not yet settled that no silence holds.
    package let open: Int
    /// The refused ones among them.
    package let parked: Int
    /// When the next of them may be tried; nil when none is: the receiver is gone, or they are held for manual retry.
    package let nextAttempt: Instant?
}
