/// A length of time in the units of messages: whole days, and hours below two days. All output uses it.
///
/// It is rounded down, so that a plan that is based on it is never late.
package enum CountedTime: Hashable, Sendable {
    case days(Int64)
    case hours(Int64)
    case lessThanAnHour

    /// Ignores the sign of `span`.
    package init(_ span: TimeSpan) {
        let length = TimeSpan(seconds: Int64(clamping: span.seconds.magnitude))
        switch length {
        case TimeSpan.days(2)...: self = .days(length.wholeDays)
        case TimeSpan.hours(1)...: self = .hours(length.seconds / TimeSpan.hours(1).seconds)
        default: self = .lessThanAnHour
        }
    }
}

extension CountedTime: CustomStringConvertible {
    /// `29 days`, `47 hours`, `1 hour`, `less than an hour`
    package var description: String {
        switch self {
        case .days(let count): counted(count, "day")
        case .hours(let count): counted(count, "hour")
        case .lessThanAnHour: "less than an hour"
        }
    }
}

extension TimeSpan {
    /// Whole days, rounded towards zero.
    package var wholeDays: Int64 { seconds / TimeSpan.days(1).seconds }
}
