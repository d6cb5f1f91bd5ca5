import Certificates

/// When the people of a registration want to hear, as far as an entry or a rule of the configuration says so.
package struct AlertTimes: Hashable, Sendable {
    /// For certificates.
    package var thresholds: [Threshold]?
    /// For the revocation lists that lie at the registration's places.
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

    /// What this does not say is as `others` have it.
    package func filled(from others: AlertTimes) -> AlertTimes {
        AlertTimes(
            thresholds: thresholds ?? others.thresholds, listThresholds: listThresholds ?? others.listThresholds,
            reminders: reminders ?? others.reminders)
    }
}

/// The times of registrations that do not say themselves, or not all.
package struct AlertTimeRules: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        /// Of what makes no notice but a registration: its name, role, owner, labels and endpoint.
        package let matchers: NoticeMatchers
        package let times: AlertTimes

        package init(matchers: NoticeMatchers, times: AlertTimes) {
            self.matchers = matchers
            self.times = times
        }
    }

    /// The first that matches a registration counts.
    package var rules: [Rule]
    /// What neither an entry nor its rule says.
    package var defaults: AlertTimes

    package init(rules: [Rule] = [], defaults: AlertTimes = AlertTimes()) {
        self.rules = rules
        self.defaults = defaults
    }

    /// `registration` with its times: its `own` before those of its rule, and these before the defaults.
    package func applied(to registration: Registration, own: AlertTimes) -> Registration {
        let traits = NoticeTraits(
            registration: registration.name, role: registration.role, owner: registration.owner,
            labels: registration.labels, severity: .info, endpoint: registration.endpoint)
        let rule = rules.first { $0.matchers.matches(traits) }
        return registration.hearing(own.filled(from: rule?.times ?? AlertTimes()).filled(from: defaults))
    }
}
