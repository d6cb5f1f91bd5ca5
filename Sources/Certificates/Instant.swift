/// A second of UTC, counted from 1970-01-01T00:00:00Z.
///
/// Whole seconds in 64 bits: a certificate's dates have no finer unit (RFC 5280 4.1.2.5) and their years are 0 to 9999,
/// which is beyond a 32-bit count of seconds and a 64-bit count of nanoseconds.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    /// Seconds since 1970-01-01T00:00:00Z; negative before it.
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    /// `99991231235959Z`: "no well-defined expiration date" (RFC 5280 4.1.2.5).
    package static let noWellDefinedExpiry = Instant(seconds: 253_402_300_799)

    package static func < (left: Instant, right: Instant) -> Bool {
        left.seconds < right.seconds
    }

    package static func + (instant: Instant, span: TimeSpan) -> Instant {
        Instant(seconds: instant.seconds + span.seconds)
    }

    package static func - (instant: Instant, span: TimeSpan) -> Instant {
        Instant(seconds: instant.seconds - span.seconds)
    }

    /// The span from `earlier` to `later`. Negative when `later` is the earlier one.
    package static func - (later: Instant, earlier: Instant) -> TimeSpan {
        TimeSpan(seconds: later.seconds - earlier.seconds)
    }

    /// Decodes RFC 3339 text, or a number of seconds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let seconds = try? container.decode(Int64.self) {
            self.seconds = seconds
            return
        }
        guard let instant = Instant(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "the text is not a date in RFC 3339")
        }
        self = instant
    }

    /// Encodes RFC 3339 text, as in all JSON output.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
