import Certificates

/// The thresholds and reminders that an entry or rule of the configuration sets.
package struct AlertTimes: Hashable, Sendable {
    /// For certificates.
    package var thresholds: [Threshold]?
    /// For the revocation lists at the registration's places.
    package var listThresholds: [Threshold]?
    package var reminders: Reminders?

    package enum Reminders: Hashable, Sendable {
        case never
        case every(TimeSpan)

        package var interval: TimeSpan? {
            switch self {
            case .never: nil
            case .every(let interval): interval
            }
        }
    }

    package init(
        thresholds: [Threshold]? = nil, listThresholds: [Threshold]? = nil, reminders: Reminders? = nil
    ) {
        self.thresholds = thresholds
        self.listThresholds = listThresholds
        self.reminders = reminders
    }

    /// Fills missing values from `others`.
    package func filled(from others: AlertTimes) -> AlertTimes {
        AlertTimes(
            thresholds: thresholds ?? others.thresholds, listThresholds: listThresholds ?? others.listThresholds,
            reminders: reminders ?? others.reminders)
    }
}

/// The rules and defaults for registrations without thresholds or reminders of their own.
package struct AlertTimeRules: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        /// Matchers on the fields of a registration: its name, role, owner, labels and endpoint.
        package let matchers: NoticeMatchers
        package let times: AlertTimes

        package init(matchers: NoticeMatchers, times: AlertTimes) {
            self.matchers = matchers
            self.times = times
        }
    }

    /// The first rule that matches a registration applies.
    package var rules: [Rule]
    /// The values that neither an entry nor its rule sets.
    package var defaults: AlertTimes

    package init(rules: [Rule] = [], defaults: AlertTimes = AlertTimes()) {
        self.rules = rules
        self.defaults = defaults
    }

    /// `registration` with its thresholds and reminders. Those of `own` take precedence over those of its rule, and
    /// these over the defaults.
    package func applied(to registration: Registration, own: AlertTimes) -> Registration {
        let traits = NoticeTraits(
            registration: registration.name, role: registration.role, owner: registration.owner,
            labels: registration.labels, severity: .info, endpoint: registration.endpoint)
        let rule = rules.first { $0.matchers.matches(traits) }
        return registration.alerted(own.filled(from: rule?.times ?? AlertTimes()).filled(from: defaults))
    }
}
