import Certificates
import Foundation

/// A time of day in which notices up to a severity wait. They are sent when it ends.
package struct QuietHours: Hashable, Sendable {
    private static let day: Int64 = 86_400

    /// The highest severity that waits.
    package let severity: Severity
    /// Seconds since midnight in `zone`. `end` is before `start` if midnight lies between them.
    private let start: Int64
    private let end: Int64
    private let zone: TimeZone

    /// - Returns: nil when `start` equals `end` or one of them is not a time of day.
    package init?(severity: Severity, from start: TimeSpan, to end: TimeSpan, zone: TimeZone) {
        let times = 0..<Self.day
        guard start != end, times.contains(start.seconds), times.contains(end.seconds) else { return nil }
        self.severity = severity
        self.start = start.seconds
        self.end = end.seconds
        self.zone = zone
    }

    /// When the quiet hours at `now` end; nil outside quiet hours.
    package func end(at now: Instant) -> Instant? {
        let local = now.seconds + offset(at: now.seconds)
        let second = ((local % Self.day) + Self.day) % Self.day
        let isQuiet = start < end ? (start..<end).contains(second) : second >= start || second < end
        guard isQuiet else { return nil }
        let midnight = local - second
        let localEnd = midnight + end + (second < end ? 0 : Self.day)
        // Daylight saving time may begin or end before then.
        let guess = localEnd - offset(at: now.seconds)
        return Instant(seconds: max(now.seconds + 1, localEnd - offset(at: guess)))
    }

    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}

/// The current quiet hours of a receiver: notices up to `severity` wait until `end`.
package struct Quiet: Hashable, Sendable {
    package let severity: Severity
    package let end: Instant

    package init(severity: Severity, end: Instant) {
        self.severity = severity
        self.end = end
    }
}
