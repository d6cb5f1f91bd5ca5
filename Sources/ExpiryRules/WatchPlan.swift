import Certificates

/// The registrations and routes of the configuration, for the rules.
package struct WatchPlan: Sendable {
    /// In the configuration's order.
    package let registrations: [Registration]
    package let route: Route
    /// The file of each endpoint's client certificate, by the endpoint's name.
    package let clientFiles: [String: FilePath]
    /// nil without summaries.
    package var summary: SummaryPlan?
    /// nil without `observed`.
    package var observed: ObservedPlan?
    /// The index of each name in `registrations`.
    private let position: [String: Int]
    /// Changes when open notices may have other receivers: with the routes and with the fields that they match.
    package let routeDigest: String

    package init(registrations: [Registration], route: Route, clientFiles: [String: FilePath] = [:]) {
        self.registrations = registrations
        self.clientFiles = clientFiles
        self.route = route
        self.position = Dictionary(
            registrations.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.routeDigest = Self.routeDigest(of: route, registrations)
    }

    package func registration(named name: String) -> Registration? {
        position[name].map { registrations[$0] }
    }

    /// The ladder of an object that the named registrations watch.
    package func ladder(
        for kind: WatchedObject.Kind, _ validity: Validity, watchedBy names: Set<String>
    ) -> StageLadder {
        StageLadder(
            thresholds: names.compactMap(registration(named:)).flatMap { $0.thresholds(for: kind) }, validity: validity)
    }

    /// The state of an object with these findings, by the stages of the registrations that need it: the one of `list`,
    /// `check`, the pages and the API.
    package func state(
        of object: WatchedObject, _ standing: ObjectStanding, findings codes: some Sequence<FindingCode>,
        at now: Instant
    ) -> CertificateState {
        let ladder = ladder(for: object.kind, object.validity, watchedBy: standing.watchers)
        return standing.state(of: object.validity, on: ladder, at: now).raised(by: codes)
    }

    /// The reminders of an object that the named registrations watch: the shortest interval of them; nil for none.
    package func reminders(watchedBy names: Set<String>) -> ReminderSchedule? {
        names.compactMap { registration(named: $0)?.reminders }.min { $0.interval < $1.interval }
    }

    /// Whether `other` has all stages and reminders of `name` and the same receivers. Then it makes no difference to an
    /// object that `other` watches whether `name` watches it too.
    package func asks(_ name: String, noMoreThan other: String, of kind: WatchedObject.Kind) -> Bool {
        guard let registration = registration(named: name) else { return true }
        guard let other = self.registration(named: other), hasSameReceivers(registration, other) else { return false }
        let wanted = Set(registration.thresholds(for: kind)).isSubset(of: other.thresholds(for: kind))
        guard wanted, let interval = registration.reminders?.interval else { return wanted }
        return other.reminders.map { $0.interval <= interval } ?? false
    }

    /// Whether every rule treats both registrations alike.
    private func hasSameReceivers(_ registration: Registration, _ other: Registration) -> Bool {
        let mine = traits(ofNoticeFor: registration.name, severity: .warning)
        let theirs = traits(ofNoticeFor: other.name, severity: .warning)
        return route.rules.flatMap(\.matchers.matchers).allSatisfy { $0.matches(mine) == $0.matches(theirs) }
    }

    /// The registrations whose receivers get a notice: those among `names` that have any of `stages`, in the
    /// configuration's order.
    package func registrations(
        askingFor stages: Set<Stage>, of kind: WatchedObject.Kind, _ validity: Validity, among names: Set<String>
    ) -> [Registration] {
        names.compactMap { position[$0] }.sorted().map { registrations[$0] }.filter {
            !StageLadder(thresholds: $0.thresholds(for: kind), validity: validity).stages
                .allSatisfy { !stages.contains($0) }
        }
    }

    private static func routeDigest(of route: Route, _ registrations: [Registration]) -> String {
        let rules = route.rules.map { "\($0.matchers.texts) \($0.receivers)" }
        // Without rules, the fields of a registration do not affect its receivers.
        let facts = rules.isEmpty ? [] : registrations.map(routingFacts).sorted()
        let floors = route.floors.map { "\($0) \($1.rawValue)" }.sorted()
        return (rules + ["\(route.receivers)", "\(route.fallback)"] + floors + facts).joined(separator: "\n")
    }

    private static func routingFacts(of registration: Registration) -> String {
        let labels = registration.labels.map { "\($0)=\($1)" }.sorted()
        let words = [registration.name, registration.role.rawValue, registration.owner, registration.endpoint]
        return words.map { $0 ?? "" }.joined(separator: " ") + " \(labels)"
    }

    /// Changes when stored due times may be invalid: with the thresholds and reminders of registrations, and nothing
    /// else.
    package var thresholdsDigest: String {
        registrations.map { registration in
            let thresholds = WatchedObject.Kind.allCases.map { kind in
                registration.thresholds(for: kind).map(\.description).sorted().joined(separator: ",")
            }
            let reminders = registration.reminders.map { "/\($0.interval)" } ?? ""
            return "\(registration.name)=\(thresholds.joined(separator: "/"))\(reminders)"
        }.sorted().joined(separator: ";")
    }
}
