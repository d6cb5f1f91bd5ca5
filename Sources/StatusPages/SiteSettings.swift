import Certificates
import ExpiryRules

/// What the pages need of the configuration.
package struct SiteSettings: Sendable {
    package let plan: WatchPlan
    /// The names of the configured endpoints.
    package let endpoints: [String]
    /// The names of the configured receivers.
    package let receivers: [String]
    /// From the start of one pass to the start of the next; nil when something else starts the passes.
    package let interval: TimeSpan?
    /// The version of this program.
    package let version: String

    package init(plan: WatchPlan, endpoints: [String], receivers: [String], interval: TimeSpan?, version: String) {
        self.plan = plan
        self.endpoints = endpoints
        self.receivers = receivers
        self.interval = interval
        self.version = version
    }

    /// How old the last good pass may be before a page says that it may be out of date.
    var patience: TimeSpan { interval.map { TimeSpan(seconds: max($0.seconds * 2, 900)) } ?? .days(2) }
}
