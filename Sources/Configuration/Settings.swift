import Certificates
import Delivery
import ExpiryRules
import SourceReading
import Probing
import Scanning

/// The settings of a configuration file and its drop-ins: immutable, checked, and with absolute paths.
package struct Settings: Hashable, Sendable {
    /// The path of the ledger.
    package let stateFile: String
    /// The time from the start of one pass of the daemon to the start of the next.
    package let interval: TimeSpan
    /// How long `scan` waits for retries; zero for no wait.
    package let deliverFor: TimeSpan
    /// The entries of `certificates` in the files' order, then `ImplicitRegistrations` for endpoints and our own client
    /// certificates.
    package let registrations: [Registration]
    /// The expectations of certificates, by the registration's name.
    package let expectations: [String: RegistrationExpectations]
    /// The places of the registrations on disk, in the same order.
    package let sources: [FileSource]
    /// The commands that registrations run, in the same order.
    package let commands: [CommandSource]
    /// The URLs that registrations fetch, in the same order.
    package let urls: [URLSource]
    package let endpoints: [Endpoint]
    /// The registration of what edges report; nil without `observed`.
    package let observed: ObservedPlan?
    package let receivers: [ConfiguredReceiver]
    /// Names no receiver if none is configured.
    package let route: Route
    /// The receivers and the period of summaries; nil without summaries.
    package let summary: SummaryPlan?
    /// The URL that is pinged after each pass; nil without a heartbeat.
    package let heartbeat: Heartbeat?
    /// Where the daemon serves metrics and its state; nil for nowhere.
    package var listen: ListenSettings?
    /// How many places of certificates and lists may have metrics of their own.
    package var certificateSeries = Self.defaultCertificateSeries
    /// The files that are read again for each use, with the positions that name them.
    var namedFiles: [NamedFile] = []

    package init(
        stateFile: String, interval: TimeSpan = Self.defaultInterval, deliverFor: TimeSpan = Self.defaultDeliverFor,
        registrations: [Registration],
        expectations: [String: RegistrationExpectations] = [:],
        sources: [FileSource], commands: [CommandSource] = [], urls: [URLSource] = [], endpoints: [Endpoint],
        observed: ObservedPlan? = nil, receivers: [ConfiguredReceiver], route: Route, summary: SummaryPlan? = nil,
        heartbeat: Heartbeat? = nil
    ) {
        self.stateFile = stateFile
        self.interval = interval
        self.deliverFor = deliverFor
        self.registrations = registrations
        self.expectations = expectations
        self.sources = sources
        self.commands = commands
        self.urls = urls
        self.endpoints = endpoints
        self.observed = observed
        self.receivers = receivers
        self.route = route
        self.summary = summary
        self.heartbeat = heartbeat
    }

    /// One hour, which is the longest delay of a stage's notice.
    package static let defaultInterval = TimeSpan.hours(1)
    /// Long enough for a receiver that fails one request in five, and for one with a rate limit.
    package static let defaultDeliverFor = TimeSpan(seconds: 300)
    /// Some four series each: as many as a large exporter has.
    package static let defaultCertificateSeries = 10_000
}
