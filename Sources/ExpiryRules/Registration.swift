import Certificates

/// One entry of the configuration: what is watched, on whose behalf, and when its people want to hear.
///
/// Where to look is no part of it: that is a source (`Scanning`) or an endpoint (`Probing`) of the same name.
package struct Registration: Hashable, Sendable {
    package let name: String
    package let role: Role
    /// The hostnames that a CA is associated with, as at Cloudflare Access.
    package let hostnames: [String]
    /// The name of the registration that holds the CA of these certificates or lists.
    package let issuer: String?
    package let owner: String?
    package let labels: [String: String]
    /// The service that a CA is uploaded to: it says what to do when the CA expires.
    package let profile: AuthorityProfile?
    /// The endpoint that it came with, which presents these certificates or is opened by them.
    package let endpoint: String?
    /// Whether whoever verifies these certificates needs the current list of their CA, and refuses them without.
    package let checksRevocation: Bool
    /// How many passes in a row must find trouble at one of its places before it is told; nil: as many as the kind of place
    /// needs.
    package let failuresBeforeAlert: Int?
    /// For certificates; `expired` always follows; the order does not matter.
    package private(set) var thresholds: [Threshold]
    /// For the revocation lists that lie at its places.
    package private(set) var listThresholds: [Threshold]
    /// How often the most urgent stages are told again; nil for never.
    package private(set) var reminders: ReminderSchedule?

    package init(
        name: String, role: Role, hostnames: [String] = [], issuer: String? = nil, owner: String? = nil,
        labels: [String: String] = [:], profile: AuthorityProfile? = nil, endpoint: String? = nil,
        checksRevocation: Bool = false, failuresBeforeAlert: Int? = nil,
        thresholds: [Threshold] = Self.defaultThresholds, listThresholds: [Threshold] = Self.defaultListThresholds,
        reminders: ReminderSchedule? = nil
    ) {
        self.name = name
        self.role = role
        self.hostnames = hostnames
        self.issuer = issuer
        self.owner = owner
        self.labels = labels
        self.profile = profile
        self.endpoint = endpoint
        self.checksRevocation = checksRevocation
        self.failuresBeforeAlert = failuresBeforeAlert
        self.thresholds = thresholds
        self.listThresholds = listThresholds
        self.reminders = reminders
    }

    /// The same, with what `times` say.
    package func hearing(_ times: AlertTimes) -> Registration {
        var registration = self
        if let thresholds = times.thresholds { registration.thresholds = thresholds }
        if let thresholds = times.listThresholds { registration.listThresholds = thresholds }
        if let reminders = times.reminders { registration.reminders = reminders.interval.map(ReminderSchedule.init) }
        return registration
    }

    /// 30 and 14 days, as Cloudflare notifies its customers.
    package static let defaultThresholds: [Threshold] = [.span(.days(30)), .span(.days(14))]

    /// Shares, since lists live from hours to months: of one that lives a week, 42 hours and 17.
    package static let defaultListThresholds: [Threshold] = [.share(percent: 25), .share(percent: 10)]

    package func thresholds(for kind: WatchedObject.Kind) -> [Threshold] {
        switch kind {
        case .certificate: thresholds
        case .revocationList: listThresholds
        }
    }
}
