import Certificates
import Delivery
import ExpiryRules
import Fetching
import Probing
import Scanning

/// What a configuration file and its drop-ins say: immutable, checked, and with every path absolute.
package struct Settings: Hashable, Sendable {
    /// The path of the ledger.
    package let stateFile: String
    /// From the start of one pass of the daemon to the start of the next.
    package let interval: TimeSpan
    /// For how long `scan` waits for deliveries that are to be tried again; zero for not at all.
    package let deliverFor: TimeSpan
    /// The entries of `certificates` in the files' order, then those that come with endpoints and with
    /// our own client certificates (`ImplicitRegistrations`).
    package let registrations: [Registration]
    /// What is expected of their certificates besides, by the registration's name.
    package let expectations: [String: RegistrationExpectations]
    /// Where the registrations look on disk, in the same order.
    package let sources: [FileSource]
    /// The commands that registrations run, in the same order.
    package let commands: [CommandSource]
    /// The URLs that registrations fetch, in the same order.
    package let urls: [URLSource]
    package let endpoints: [Endpoint]
    package let receivers: [ConfiguredReceiver]
    /// Names no receiver when there are none.
    package let route: Route
    /// Who hears once a period how everything stands; nil for nobody.
    package let summary: SummaryPlan?
    /// Who hears how passes go; nil for nobody.
    package let heartbeat: Heartbeat?
    /// The files that are read anew whenever they are needed, with the places that name them.
    var namedFiles: [NamedFile] = []

    package init(
        stateFile: String, interval: TimeSpan = Self.defaultInterval, deliverFor: TimeSpan = Self.defaultDeliverFor,
        registrations: [Registration],
        expectations: [String: RegistrationExpectations] = [:],
        sources: [FileSource], commands: [CommandSource] = [], urls: [URLSource] = [], endpoints: [Endpoint],
        receivers: [ConfiguredReceiver], route: Route, summary: SummaryPlan? = nil,
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
        self.receivers = receivers
        self.route = route
        self.summary = summary
        self.heartbeat = heartbeat
    }

    /// One hour: a stage is told at most this much after it was reached.
    package static let defaultInterval = TimeSpan.hours(1)
    /// Long enough for a receiver that fails one request in five, and for one that limits its rate.
    package static let defaultDeliverFor = TimeSpan(seconds: 300)
}
