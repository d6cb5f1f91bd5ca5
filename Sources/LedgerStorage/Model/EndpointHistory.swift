import Certificates

/// What is kept of an endpoint's past, oldest first.
package struct EndpointHistory: Hashable, Sendable {
    /// One round of probes.
    package struct Round: Hashable, Sendable {
        package let probedAt: Instant
        /// The verdict's name.
        package let verdict: String
        package let isGood: Bool
        /// Of the positive probe.
        package let timings: PhaseTimings
    }

    /// The rounds of one hour together.
    package struct Hour: Hashable, Sendable {
        package let beginning: Instant
        package let rounds: Int
        /// How many of them were good.
        package let good: Int
        /// Means over the good ones; nil when there was none.
        package let means: PhaseTimings?
        /// Milliseconds of the slowest, good or not.
        package let slowest: Int
    }

    /// Those of the last days.
    package var rounds: [Round] = []
    /// Those of the last months, the last days among them.
    package var hours: [Hour] = []
}
