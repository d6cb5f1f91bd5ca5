import Certificates
import ExpiryRules
import Foundation

/// `receivers[].quiet`: the quiet hours of a receiver, and the severities that they apply to.
enum QuietSection {
    enum Key: String, CaseIterable {
        case severity, from, to, timezone
    }

    static func read(_ cursor: Cursor) -> QuietHours? {
        guard let section = Section<Key>(cursor) else { return nil }
        let severity = section[.severity].map { $0.choice(of: Severity.allCases) } ?? .warning
        let start = section.required(.from)?.timeOfDay()
        let end = section.required(.to)?.timeOfDay()
        let zone = section[.timezone].map { $0.timeZone() } ?? .gmt
        guard let severity, let start, let end, let zone else { return nil }
        guard let hours = QuietHours(severity: severity, from: start, to: end, zone: zone) else {
            section[.to]?.report("is when it begins: quiet hours that never end would hold everything back")
            return nil
        }
        return hours
    }
}

extension Cursor {
    /// `22:00`, as a span since midnight. YAML 1.1 reads it as a sexagesimal number if it is unquoted, so the scalar's
    /// text is used.
    fileprivate func timeOfDay() -> TimeSpan? {
        guard let text = scalarText() else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isNumber) }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), hour < 24, minute < 60
        else {
            report("\(quoted(text)) is not a time of day such as 22:00")
            return nil
        }
        return TimeSpan(seconds: hour * 3_600 + minute * 60)
    }

    fileprivate func timeZone() -> TimeZone? {
        guard let text = text() else { return nil }
        guard let zone = TimeZone(identifier: text) else {
            report("\(quoted(text)) is not a time zone that this machine knows, such as Europe/Berlin (package tzdata)")
            return nil
        }
        return zone
    }
}
