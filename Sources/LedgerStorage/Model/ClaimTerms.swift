import Certificates
import ExpiryRules

/// The terms on which messages for a receiver are claimed.
package struct ClaimTerms: Hashable, Sendable {
    /// The duration of a lease, which is longer than any attempt.
    package let lease: TimeSpan
    /// nil: each notice is a message of its own.
    package let batching: Batching?
    /// Whether a message that may have arrived is held for manual retry instead of being repeated.
    package let holdsUnknown: Bool
    /// Endpoints that this pass has not probed yet. Their notices are not sent before the probe.
    package var unprobedEndpoints: Set<String> = []
    /// nil outside the receiver's quiet hours.
    package var quiet: Quiet?

    package init(lease: TimeSpan, batching: Batching? = nil, holdsUnknown: Bool = false) {
        self.lease = lease
        self.batching = batching
        self.holdsUnknown = holdsUnknown
    }
}

/// When notices that are due for a receiver share a message.
package struct Batching: Hashable, Sendable {
    /// More due notices than this share a message.
    package let threshold: Int
    /// The most notices in a message.
    package let limit: Int
    /// Whether resolutions are nevertheless sent one by one.
    package let sparesResolutions: Bool
    /// Whether the notices of a refused message are sent one by one, so that only the bad one is refused again.
    package let splitsWhenRefused: Bool

    package init(
        moreThan threshold: Int, atMost limit: Int, sparesResolutions: Bool = false, splitsWhenRefused: Bool = false
    ) {
        self.threshold = threshold
        self.limit = limit
        self.sparesResolutions = sparesResolutions
        self.splitsWhenRefused = splitsWhenRefused
    }
}
