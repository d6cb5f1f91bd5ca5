import Certificates
import ExpiryRules

/// An endpoint with its last rounds.
package struct EndpointOverview: Hashable, Sendable {
    package let name: String
    package let url: String
    /// The verdict's name.
    package let verdict: String
    /// The confirmed state.
    package let state: EndpointState
    /// Since when it has this verdict.
    package let since: Instant
    package let probedAt: Instant
    /// The probes of the last round as JSON.
    package let report: String
    /// The last rounds, oldest first, at most `roundLimit`.
    package internal(set) var rounds: [EndpointHistory.Round] = []

    package static let roundLimit = 48
}
