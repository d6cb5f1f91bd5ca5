import Certificates
import ExpiryRules

/// A silence with what it holds.
package struct SilenceRecord: Hashable, Sendable {
    package let silence: Silence
    /// Messages that wait for its end.
    package let heldDeliveries: Int
}

/// What a new silence is about.
package struct SilenceEffect: Hashable, Sendable {
    package let silence: Silence
    /// Messages that wait for its end already.
    package let heldDeliveries: Int
    /// What is watched now and matches: certificates and lists, and findings that stand.
    package let certificates: Int
    package let findings: Int
}

/// What came of the wish to end a silence.
package enum SilenceExpiry: Hashable, Sendable {
    /// It is over; so many messages are due that nothing else holds.
    case done(released: Int)
    case unknown
    case over(since: Instant)
}
