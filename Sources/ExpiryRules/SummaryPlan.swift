import Certificates

/// When a summary is sent, and to whom: once a period, whatever it says, so that silence is known to be health.
package struct SummaryPlan: Hashable, Sendable {
    package let every: TimeSpan
    /// When one of the periods begins: they go on from there in both directions.
    package let from: Instant
    /// In the configuration's order.
    package let receivers: [String]

    package init(every: TimeSpan, from: Instant, receivers: [String]) {
        self.every = every
        self.from = from
        self.receivers = receivers
    }

    /// A week, which begins on Monday at 08:00 UTC.
    package static let usualPeriod = TimeSpan.days(7)
    /// 1970-01-05T08:00:00Z, a Monday.
    package static let usualBeginning = Instant(seconds: (4 * 24 + 8) * 3_600)

    /// When the period of `now` began.
    package func beginning(at now: Instant) -> Instant {
        let offset = (now - from).seconds % every.seconds
        return now - TimeSpan(seconds: offset < 0 ? offset + every.seconds : offset)
    }
}
