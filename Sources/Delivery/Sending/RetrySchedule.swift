import Certificates
import ExpiryRules

/// When to try again: `BackOff`, with chance. Attempts go on for as long as a notice is useful, ever more rarely.
package struct RetrySchedule: Sendable {
    /// How often something is looked at again that was refused for good.
    package static let parkedDelay = TimeSpan.hours(12)
    /// However long a receiver asks us to wait, we ask again after this.
    package static let longestRetryAfter = BackOff.longestPause

    /// In thousandths, 800 to 1,200: keeps senders from coming back all at once.
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
