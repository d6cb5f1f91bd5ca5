import Certificates
import ExpiryRules

/// What a round of probes found at one endpoint.
package struct EndpointSight: Hashable, Sendable {
    package let name: String
    package let url: String
    /// The verdict's name.
    package let verdict: String
    package let state: EndpointState
    /// What to tell when a state other than `well` is believed.
    package let trouble: Finding?
    package let hysteresis: Hysteresis
    /// When; nil for the time at which it is recorded.
    package var probedAt: Instant?
    /// How long each step of the positive probe took.
    package var timings = PhaseTimings()
    /// Findings of the endpoint that are true now.
    package var foreseen: [Finding] = []
    /// The codes that were looked for and not found.
    package var refuted: [FindingCode] = []
    /// The probes as JSON, for people who ask later.
    package let report: String

    package init(
        name: String, url: String, verdict: String, state: EndpointState, trouble: Finding?, hysteresis: Hysteresis,
        report: String
    ) {
        self.name = name
        self.url = url
        self.verdict = verdict
        self.state = state
        self.trouble = trouble
        self.hysteresis = hysteresis
        self.report = report
    }
}

/// How long the steps of a probe took, in milliseconds; nil for a step that was not reached.
package struct PhaseTimings: Hashable, Sendable {
    package var nameLookup: Int?
    package var connect: Int?
    package var tlsHandshake: Int?
    package var firstByte: Int?
    package var total: Int

    package init(
        nameLookup: Int? = nil, connect: Int? = nil, tlsHandshake: Int? = nil, firstByte: Int? = nil, total: Int = 0
    ) {
        self.nameLookup = nameLookup
        self.connect = connect
        self.tlsHandshake = tlsHandshake
        self.firstByte = firstByte
        self.total = total
    }
}
