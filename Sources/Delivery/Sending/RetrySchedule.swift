import Certificates

/// When to try again. Attempts go on for as long as a notice is useful, ever more rarely.
package struct RetrySchedule: Sendable {
    /// After the first failure, the second, ...; the last goes on for ever.
    package static let delays: [TimeSpan] = [
        TimeSpan(seconds: 5), TimeSpan(seconds: 300), TimeSpan(seconds: 1_800), .hours(2), .hours(5), .hours(10),
        .hours(12),
    ]
    /// How often something is looked at again that was refused for good.
    package static let parkedDelay = TimeSpan.hours(12)
    /// However long a receiver asks us to wait, we ask again after this.
    package static let longestRetryAfter = TimeSpan.hours(24)

    /// In thousandths, 800 to 1,200: keeps senders from coming back all at once.
    private let jitter: @Sendable () -> Int64

    package init(jitter: @escaping @Sendable () -> Int64 = { Int64.random(in: 800...1_200) }) {
        self.jitter = jitter
    }

    /// The delay after `failures` failures in a row, at least 1.
    package func delay(afterFailures failures: Int) -> TimeSpan {
        let delay = Self.delays[min(max(failures, 1), Self.delays.count) - 1]
        return TimeSpan(seconds: max(1, delay.seconds * jitter() / 1_000))
    }
}
