import Certificates
import Messages

/// One attempt to send a message.
package struct Attempt: Sendable {
    /// The message's id, the same at every attempt.
    package let id: String
    package let type: MessageType
    /// The frozen body.
    package let body: [UInt8]
    /// Counts from 1.
    package let number: Int
    /// Whether an earlier attempt may have reached the receiver.
    package let mayBeDuplicate: Bool
    package let now: Instant
    /// The time from one pass to the next, from which `AlertmanagerReceiver` computes the end of its alerts.
    package let period: TimeSpan

    package init(
        id: String, type: MessageType, body: [UInt8], number: Int = 1, mayBeDuplicate: Bool = false, now: Instant,
        period: TimeSpan = .hours(1)
    ) {
        self.id = id
        self.type = type
        self.body = body
        self.number = number
        self.mayBeDuplicate = mayBeDuplicate
        self.now = now
        self.period = period
    }
}
