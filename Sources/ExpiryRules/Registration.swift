import Certificates

/// One entry of the configuration: its name, role, owner, thresholds and reminders.
///
/// Its places are not part of it. They are sources (`Scanning`) or an endpoint (`Probing`) of the same name.
package struct Registration: Hashable, Sendable {
    package let name: String
    package let role: Role
    /// The hostnames that a CA is associated with, for example at Cloudflare Access.
    package let hostnames: [String]
    /// The name of the registration with the CA of these certificates or lists.
    package let issuer: String?
    package let owner: String?
    package let labels: [String: String]
    /// The service that a CA is uploaded to, which decides the remedy when the CA expires.
    package let profile: AuthorityProfile?
    /// The endpoint that it belongs to, which presents these certificates or is probed with them.
    package let endpoint: String?
    /// Whether verifiers of these certificates require a current revocation list of their CA.
    package let checksRevocation: Bool
    /// The number of consecutive bad passes at one of its places before a finding; nil for the default of the kind of
    /// place.
    package let failuresBeforeAlert: Int?
    /// For certificates, in any order. `expired` is always a stage as well.
    package private(set) var thresholds: [Threshold]
    /// For the revocation lists at its places.
    package private(set) var listThresholds: [Threshold]
    /// The reminders of the most urgent stages; nil for none.
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

    /// The same registration with the thresholds and reminders of `times`.
    package func alerted(_ times: AlertTimes) -> Registration {
        var registration = self
        if let thresholds = times.thresholds { registration.thresholds = thresholds }
        if let thresholds = times.listThresholds { registration.listThresholds = thresholds }
        if let reminders = times.reminders { registration.reminders = reminders.interval.map(ReminderSchedule.init) }
        return registration
    }

    /// 30 and 14 days, as Cloudflare notifies its customers.
    package static let defaultThresholds: [Threshold] = [.span(.days(30)), .span(.days(14))]

    /// Shares, since lists live from hours to months: for a list that lives a week, 42 and 17 hours before its
    /// nextUpdate.
    package static let defaultListThresholds: [Threshold] = [.share(percent: 25), .share(percent: 10)]

    package func thresholds(for kind: WatchedObject.Kind) -> [Threshold] {
        switch kind {
        case .certificate: thresholds
        case .revocationList: listThresholds
        }
    }
}
