import Certificates

/// How long to wait after failures. The last delay of each list holds for all further failures.
package enum BackOff {
    /// Before a message is tried again. The first delays are short: at a receiver that fails one request in five, a message
    /// meets four failures in a row once in 600 times, which is chance and no reason to wait for hours.
    package static let messageDelays =
        [5, 10, 15, 20, 30, 60, 300, 1_800].map(TimeSpan.init(seconds:)) + [2, 5, 10, 12].map(TimeSpan.hours)
    /// Before a receiver whose gate has closed is tried again, with one message.
    package static let receiverDelays =
        [5, 300, 1_800].map(TimeSpan.init(seconds:)) + [2, 5, 10, 12].map(TimeSpan.hours)
    /// However long a receiver asks for, it is tried again after this.
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
