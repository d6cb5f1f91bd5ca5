import Certificates

/// How far away an instant is, in one unit: seconds below two minutes, minutes below two hours, hours below two days,
/// and then days.
struct Distance: Hashable, Sendable {
    enum Unit: Hashable, Sendable, CaseIterable {
        case seconds, minutes, hours, days
    }

    let count: Int64
    let unit: Unit
    let isPast: Bool

    init(from now: Instant, to instant: Instant) {
        self.init(instant - now)
    }

    init(_ span: TimeSpan) {
        let seconds = Int64(clamping: span.seconds.magnitude)
        isPast = span.seconds < 0
        (count, unit) =
            switch seconds {
            case ..<120: (seconds, .seconds)
            case ..<7_200: (seconds / 60, .minutes)
            case ..<172_800: (seconds / 3_600, .hours)
            default: (seconds / 86_400, .days)
            }
    }

    var length: String {
        switch unit {
        case .seconds: counted(count, "second")
        case .minutes: counted(count, "minute")
        case .hours: counted(count, "hour")
        case .days: counted(count, "day")
        }
    }

    var japaneseLength: String {
        switch unit {
        case .seconds: "\(count)秒"
        case .minutes: "\(count)分"
        case .hours: "\(count)時間"
        case .days: "\(count)日"
        }
    }
}

extension Distance: Phrase {
    /// `in 13 days`, `2 days ago`.
    var english: String { isPast ? "\(length) ago" : "in \(length)" }
    var japanese: String { isPast ? "\(japaneseLength)前" : "\(japaneseLength)後" }
}
