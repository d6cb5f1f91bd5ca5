/// An event in the life of a delivery.
package enum DeliveryEvent: Hashable, Sendable, CaseIterable {
    /// A sender leases it for an attempt.
    case leased
    /// Its lease has expired, and no result of the attempt was recorded.
    case leaseExpired
    /// A receiver accepted the message. That is known even from a sender whose lease has expired.
    case accepted
    /// The attempt failed, and the receiver certainly does not have the message.
    case failed
    /// There was no answer that shows whether the message arrived.
    case unanswered
    /// The receiver refused the message, or all messages, until a person fixes the cause.
    case refused
    /// A notice of a more urgent stage replaced its notice.
    case superseded
    /// Its notice has ended, the routes name other receivers, or an operator cancelled it.
    case cancelled
    /// Its receiver was removed from the configuration.
    case receiverRemoved
    /// Its notice is no longer useful.
    case expired
    /// Its notice is open again, or its receiver is back.
    case revived
}
