import Certificates
import Foundation

/// A time of day in which a receiver is not sent what is no worse than a severity: it hears of that when the time is over.
package struct QuietHours: Hashable, Sendable {
    private static let day: Int64 = 86_400

    /// The worst that waits.
    package let severity: Severity
    /// Seconds since midnight in `zone`; `end` is before `start` where midnight lies between them.
    private let start: Int64
    private let end: Int64
    private let zone: TimeZone

    /// - Returns: nil when there is no time between `start` and `end`, or they are no times of day.
    package init?(severity: Severity, from start: TimeSpan, to end: TimeSpan, zone: TimeZone) {
        let times = 0..<Self.day
        guard start != end, times.contains(start.seconds), times.contains(end.seconds) else { return nil }
        self.severity = severity
        self.start = start.seconds
        self.end = end.seconds
        self.zone = zone
    }

    /// When the quiet that holds at `now` is over; nil when none holds.
    package func end(at now: Instant) -> Instant? {
        let local = now.seconds + offset(at: now.seconds)
        let second = ((local % Self.day) + Self.day) % Self.day
        let isQuiet = start < end ? (start..<end).contains(second) : second >= start || second < end
        guard isQuiet else { return nil }
        let midnight = local - second
        let localEnd = midnight + end + (second < end ? 0 : Self.day)
        // The clocks may be changed before the end.
        let guess = localEnd - offset(at: now.seconds)
        return Instant(seconds: max(now.seconds + 1, localEnd - offset(at: guess)))
    }

    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}

/// What a receiver is not sent now: what is no worse than `severity` waits until `end`.
package struct Quiet: Hashable, Sendable {
    package let severity: Severity
    package let end: Instant

    package init(severity: Severity, end: Instant) {
        self.severity = severity
        self.end = end
    }
}
