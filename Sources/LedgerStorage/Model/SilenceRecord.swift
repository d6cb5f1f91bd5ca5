import Certificates
import ExpiryRules

/// A silence with the number of deliveries that it holds.
package struct SilenceRecord: Hashable, Sendable {
    package let silence: Silence
    /// Deliveries that wait for its end.
    package let heldDeliveries: Int
}

/// What a new silence matches.
package struct SilenceEffect: Hashable, Sendable {
    package let silence: Silence
    /// Deliveries that wait for its end already.
    package let heldDeliveries: Int
    /// Watched certificates and lists that match. `findings` counts the open findings that match.
    package let certificates: Int
    package let findings: Int
}

/// The result of the command to end a silence.
package enum SilenceExpiry: Hashable, Sendable {
    /// The silence has ended. `released` deliveries are due, because no other silence holds them.
    case done(released: Int)
    case unknown
    case over(since: Instant)
}
