import Certificates

/// Parses the dates and times that edges write.
enum ReportedTime {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Parses RFC 3339 with or without a fraction, seconds since 1970, OpenSSL's `Dec 22 19:39:00 2018 GMT`, and
    /// nginx's `22/Dec/2018:19:39:00 +0100`. nil for any other text.
    static func instant(_ text: String) -> Instant? {
        Instant(rfc3339: withoutFraction(text)) ?? epoch(text) ?? opensslDate(text) ?? localTime(text)
    }

    /// The dates of `NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z`.
    static func validity(_ text: String) -> Validity? {
        var dates: [String: Instant] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            dates[pair[0].lowercased()] = instant(String(pair[1]))
        }
        return dates["notafter"].map { Validity(notBefore: dates["notbefore"], notAfter: $0) }
    }

    private static func withoutFraction(_ text: String) -> String {
        guard let point = text.firstIndex(of: "."), text.contains("-") || text.contains("T") else { return text }
        return String(text[..<point] + text[text.index(after: point)...].drop { ("0"..."9").contains($0) })
    }

    /// Seconds, milliseconds or nanoseconds since 1970, which their size tells apart, with or without a fraction.
    private static func epoch(_ text: String) -> Instant? {
        guard let number = Int64(text.prefix { $0 != "." }), number >= 0, !text.hasPrefix("+") else { return nil }
        switch number {
        case ..<100_000_000_000: return Instant(seconds: number)
        case ..<100_000_000_000_000: return Instant(seconds: number / 1_000)
        default: return Instant(seconds: number / 1_000_000_000)
        }
    }

    private static func opensslDate(_ text: String) -> Instant? {
        let parts = text.split(separator: " ")
        guard parts.count == 5, parts[4] == "GMT" else { return nil }
        return instant(day: parts[1], month: parts[0], year: parts[3], clock: parts[2])
    }

    private static func localTime(_ text: String) -> Instant? {
        let halves = text.split(separator: " ")
        let date = halves.first?.split(separator: ":", maxSplits: 1) ?? []
        guard halves.count == 2, date.count == 2, halves[1].count == 5, let offset = Int64(halves[1].dropFirst()) else {
            return nil
        }
        let parts = date[0].split(separator: "/")
        guard parts.count == 3,
            let local = instant(day: parts[0], month: parts[1], year: parts[2], clock: date[1])
        else { return nil }
        let span = TimeSpan(seconds: offset / 100 * 3_600 + offset % 100 * 60)
        switch halves[1].first {
        case "+": return local - span
        case "-": return local + span
        default: return nil
        }
    }

    private static func instant(day: Substring, month: Substring, year: Substring, clock: Substring) -> Instant? {
        let clock = clock.split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, let month = months.firstIndex(of: String(month)), let day = Int(day),
            let year = Int(year)
        else { return nil }
        return CalendarTime(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])?.instant
    }
}
