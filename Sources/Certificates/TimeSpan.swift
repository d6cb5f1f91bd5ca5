/// A length of time in whole seconds. A day is 86,400 s: rules use no calendar and no leap seconds.
package struct TimeSpan: Hashable, Comparable, Sendable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    package static func days(_ count: Int64) -> TimeSpan {
        TimeSpan(seconds: count * 86_400)
    }

    package static func hours(_ count: Int64) -> TimeSpan {
        TimeSpan(seconds: count * 3_600)
    }

    package static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.seconds < right.seconds
    }
}

extension TimeSpan: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(seconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Encodes the number of seconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

extension TimeSpan {
    private static let units: [(suffix: String, seconds: Int64)] = [
        ("y", 365 * 86_400), ("w", 7 * 86_400), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// Parses Prometheus' duration grammar: `30d`, `1h30m`, `2w`. Only `0` needs no unit.
    ///
    /// - Returns: nil for a missing unit, units out of order or repeated, a sign, a fraction or an overflow.
    package init?(parsing text: String) {
        guard text != "0" else {
            self.init(seconds: 0)
            return
        }
        var total: Int64 = 0
        var remaining = Self.units[...]
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard
                let count = Int64(digits),
                let index = remaining.firstIndex(where: { $0.suffix == String(character) })
            else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: remaining[index].seconds)
            let (sum, overflowOfSum) = total.addingReportingOverflow(product)
            guard !overflow, !overflowOfSum else { return nil }
            total = sum
            remaining = remaining[(index + 1)...]
            digits = ""
        }
        guard digits.isEmpty, !text.isEmpty else { return nil }
        self.init(seconds: total)
    }
}

extension TimeSpan: CustomStringConvertible {
    /// The shortest exact text in one unit, in days at most: `30d`, `36h`, `90s`.
    package var description: String {
        for (suffix, length) in Self.units where length <= 86_400 && seconds != 0 && seconds % length == 0 {
            return "\(seconds / length)\(suffix)"
        }
        return "\(seconds)s"
    }
}
