extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC, to the second: `2026-12-21T03:10:00Z`.
    package var description: String {
        let time = CalendarTime(self)
        let date = [time.year.padded(to: 4), time.month.padded(to: 2), time.day.padded(to: 2)]
        let clock = [time.hour.padded(to: 2), time.minute.padded(to: 2), time.second.padded(to: 2)]
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + "Z"
    }

    /// The date only: `2026-12-21`.
    package var date: String {
        String(description.prefix(10))
    }

    /// Parses RFC 3339 with `Z` or a numeric offset (`2026-12-21T04:10:00+01:00`).
    ///
    /// - Returns: nil for any other text. Fractions of a second are refused, since an `Instant` has none.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        func holds(_ character: Character, at index: Int) -> Bool {
            bytes[index] == character.asciiValue
        }
        guard
            bytes.count >= 20, holds("-", at: 4), holds("-", at: 7), holds("T", at: 10) || holds("t", at: 10),
            holds(":", at: 13), holds(":", at: 16),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let time = CalendarTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        if bytes.count == 20, holds("Z", at: 19) || holds("z", at: 19) {
            self = time.instant
            return
        }
        guard
            bytes.count == 25, holds("+", at: 19) || holds("-", at: 19), holds(":", at: 22),
            let hours = number(20..<22), let minutes = number(23..<25), hours < 24, minutes < 60
        else { return nil }
        let offset = TimeSpan(seconds: Int64(hours * 3_600 + minutes * 60))
        self = holds("+", at: 19) ? time.instant - offset : time.instant + offset
    }
}

extension Int {
    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
