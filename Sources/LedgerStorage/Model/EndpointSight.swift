import Certificates
import ExpiryRules

/// The result of one round of probes of one endpoint.
package struct EndpointSight: Hashable, Sendable {
    package let name: String
    package let url: String
    /// The verdict's name.
    package let verdict: String
    package let state: EndpointState
    /// The finding to open when a state other than `well` is confirmed.
    package let trouble: Finding?
    package let hysteresis: Hysteresis
    /// nil for the time at which the round is recorded.
    package var probedAt: Instant?
    /// The duration of each step of the positive probe.
    package var timings = PhaseTimings()
    /// The predicted findings of the endpoint that are true now.
    package var foreseen: [Finding] = []
    /// The codes that were checked and are not true.
    package var refuted: [FindingCode] = []
    /// The probes as JSON, for people who inspect the ledger.
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
