import Certificates

/// The delays after failures. The last delay of each list applies to all further failures.
package enum BackOff {
    /// The delays before the retry of a message. The first ones are short: at a receiver that fails one request in
    /// five, one message in 600 fails four times in a row by chance, which is no reason to wait for hours.
    package static let messageDelays =
        [5, 10, 15, 20, 30, 60, 300, 1_800].map(TimeSpan.init(seconds:)) + [2, 5, 10, 12].map(TimeSpan.hours)
    /// The delays before a receiver with a closed gate is tried again, with one message.
    package static let receiverDelays =
        [5, 300, 1_800].map(TimeSpan.init(seconds:)) + [2, 5, 10, 12].map(TimeSpan.hours)
    /// The longest pause that a receiver can ask for.
    package static let longestPause = TimeSpan.hours(24)

    /// The delay after `failures` failures, at least 1, of one message. `jitter` is in thousandths.
    package static func message(afterFailures failures: Int, jitter: Int64) -> TimeSpan {
        delay(messageDelays, failures, jitter)
    }

    /// The delay after a receiver's gate has closed for the `closings`th time in a row, counted from 1.
    package static func receiver(afterClosings closings: Int, jitter: Int64) -> TimeSpan {
        delay(receiverDelays, closings, jitter)
    }

    private static func delay(_ delays: [TimeSpan], _ count: Int, _ jitter: Int64) -> TimeSpan {
        TimeSpan(seconds: max(1, delays[min(max(count, 1), delays.count) - 1].seconds * jitter / 1_000))
    }
}
