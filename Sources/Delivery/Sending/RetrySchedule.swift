import Certificates
import ExpiryRules

/// When to retry: `BackOff` with jitter. Attempts go on, ever more rarely, for as long as a notice is useful.
package struct RetrySchedule: Sendable {
    /// The delay before a parked message is attempted again.
    package static let parkedDelay = TimeSpan.hours(12)
    /// The longest `Retry-After` that is honoured.
    package static let longestRetryAfter = BackOff.longestPause

    /// In thousandths, 800 to 1,200. It keeps senders from retrying all at once.
    private let jitter: @Sendable () -> Int64

    package init(jitter: @escaping @Sendable () -> Int64 = { Int64.random(in: 800...1_200) }) {
        self.jitter = jitter
    }

    /// One draw, in thousandths.
    package func drawJitter() -> Int64 { jitter() }

    /// The delay after `failures` failures of one message, at least 1.
    package func delay(afterFailures failures: Int) -> TimeSpan {
        BackOff.message(afterFailures: failures, jitter: jitter())
    }
}
