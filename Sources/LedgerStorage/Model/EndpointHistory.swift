import Certificates

/// The stored probe rounds of an endpoint, oldest first.
package struct EndpointHistory: Hashable, Sendable {
    /// One round of probes.
    package struct Round: Hashable, Sendable {
        package let probedAt: Instant
        /// The verdict's name.
        package let verdict: String
        package let isGood: Bool
        /// The timings of the positive probe.
        package let timings: PhaseTimings
    }

    /// The rounds of one hour together.
    package struct Hour: Hashable, Sendable {
        package let beginning: Instant
        package let rounds: Int
        /// How many of the rounds were good.
        package let good: Int
        /// Means over the good rounds; nil without a good round.
        package let means: PhaseTimings?
        /// The slowest round, good or bad, in milliseconds.
        package let slowest: Int
    }

    /// The rounds of the last days.
    package var rounds: [Round] = []
    /// The hours of the last months, including the last days.
    package var hours: [Hour] = []
}
