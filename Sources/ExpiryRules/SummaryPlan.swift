import Certificates

/// The period and the receivers of summaries. A summary is sent in every period, even without news, as proof that
/// notafter works.
package struct SummaryPlan: Hashable, Sendable {
    package let every: TimeSpan
    /// The start of one of the periods, which continue in both directions.
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

    /// The start of the period that contains `now`.
    package func beginning(at now: Instant) -> Instant {
        let offset = (now - from).seconds % every.seconds
        return now - TimeSpan(seconds: offset < 0 ? offset + every.seconds : offset)
    }
}
