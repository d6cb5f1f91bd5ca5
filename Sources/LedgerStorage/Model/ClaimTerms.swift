import Certificates
import ExpiryRules

/// On what terms a receiver is sent messages.
package struct ClaimTerms: Hashable, Sendable {
    /// How long a claimant may take; longer than any attempt.
    package let lease: TimeSpan
    /// nil: each notice is a message of its own.
    package let batching: Batching?
    /// Whether what may have arrived waits for a person's word instead of being repeated.
    package let holdsUnknown: Bool
    /// Endpoints that are still to be probed: nothing is told about them before.
    package var unprobedEndpoints: Set<String> = []
    /// nil outside of the receiver's quiet hours.
    package var quiet: Quiet?

    package init(lease: TimeSpan, batching: Batching? = nil, holdsUnknown: Bool = false) {
        self.lease = lease
        self.batching = batching
        self.holdsUnknown = holdsUnknown
    }
}

/// When what is due for a receiver goes into one message.
package struct Batching: Hashable, Sendable {
    /// More notices than these at once make a message of several.
    package let threshold: Int
    /// No message carries more.
    package let limit: Int
    /// Whether each end is told by itself all the same.
    package let sparesResolutions: Bool
    /// Whether the notices of a message that was refused go on one by one, so that only the bad one is refused again.
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
