import Certificates

/// What the configuration says of registrations and routes, as the rules need it.
package struct WatchPlan: Sendable {
    /// In the configuration's order.
    package let registrations: [Registration]
    package let route: Route
    /// The file of the certificate that opens an endpoint, by the endpoint's name.
    package let clientFiles: [String: FilePath]
    /// nil when no summaries are sent.
    package var summary: SummaryPlan?
    private let byName: [String: Registration]

    package init(registrations: [Registration], route: Route, clientFiles: [String: FilePath] = [:]) {
        self.registrations = registrations
        self.clientFiles = clientFiles
        self.route = route
        self.byName = Dictionary(registrations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func registration(named name: String) -> Registration? {
        byName[name]
    }

    /// The ladder of something that the named registrations watch.
    package func ladder(
        for kind: WatchedObject.Kind, _ validity: Validity, watchedBy names: Set<String>
    ) -> StageLadder {
        StageLadder(
            thresholds: names.compactMap { byName[$0] }.flatMap { $0.thresholds(for: kind) }, validity: validity)
    }

    /// How often the most urgent stages of something that the named registrations watch are told again: as often as any
    /// of them asks for; nil for never.
    package func reminders(watchedBy names: Set<String>) -> ReminderSchedule? {
        names.compactMap { byName[$0]?.reminders }.min { $0.interval < $1.interval }
    }

    /// Whether all that `name` asks for, stages and reminders, is asked for by `other` as well: then it makes no difference
    /// to what `other` watches whether `name` watches it too.
    package func asks(_ name: String, noMoreThan other: String, of kind: WatchedObject.Kind) -> Bool {
        guard let registration = byName[name] else { return true }
        guard let other = byName[other] else { return false }
        let wanted = Set(registration.thresholds(for: kind)).isSubset(of: other.thresholds(for: kind))
        guard wanted, let interval = registration.reminders?.interval else { return wanted }
        return other.reminders.map { $0.interval <= interval } ?? false
    }

    /// The registration to name in a notice: of those that ask for `stage`, the first in the configuration's order.
    package func spokesman(
        for stage: Stage, of kind: WatchedObject.Kind, _ validity: Validity, among names: Set<String>
    ) -> Registration? {
        let watchers = registrations.filter { names.contains($0.name) }
        return watchers.first {
            StageLadder(thresholds: $0.thresholds(for: kind), validity: validity).stages.contains(stage)
        } ?? watchers.first
    }

    /// Changes whenever stored due times may no longer hold: thresholds and reminders by registration, and nothing else.
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
