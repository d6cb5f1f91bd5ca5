import Certificates

/// One attempt to hand over a message.
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
    /// From one pass to the next: what has to be said again at each pass is good for a few of these.
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
