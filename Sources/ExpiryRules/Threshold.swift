import Certificates

/// How long before expiry people want to hear of it, and how bad it is then.
package struct Threshold: Hashable, Sendable {
    /// From the threshold to the expiry.
    package enum Distance: Hashable, Sendable {
        /// A fixed span, such as 30 days.
        case span(TimeSpan)
        /// A share of the certificate's lifetime in percent, 1 to 99: what is left of it when the threshold is crossed.
        case share(percent: Int)
    }

    package let distance: Distance
    /// nil for what the ladder makes of it: `StageLadder.severity(of:)`.
    package let severity: Severity?

    package init(_ distance: Distance, severity: Severity? = nil) {
        self.distance = distance
        self.severity = severity
    }

    package static func span(_ span: TimeSpan) -> Threshold { Threshold(.span(span)) }

    package static func share(percent: Int) -> Threshold { Threshold(.share(percent: percent)) }

    /// The span before expiry at which `validity` crosses this threshold; nil for a share of an unknown lifetime.
    package func span(in validity: Validity) -> TimeSpan? {
        switch distance {
        case .span(let span): span
        case .share(let percent): validity.lifetime.map { TimeSpan(seconds: $0.seconds * Int64(percent) / 100) }
        }
    }
}

extension Threshold: CustomStringConvertible {
    /// When it is crossed, as the configuration has it: `30d`, `33%`.
    package var description: String {
        switch distance {
        case .span(let span): span.description
        case .share(let percent): "\(percent)%"
        }
    }

    /// Reads `30d`, `1d12h` or `33%`.
    ///
    /// - Returns: nil unless the span is positive, or the share a whole number from 1 to 99.
    package init?(parsing text: String, severity: Severity? = nil) {
        if text.hasSuffix("%") {
            guard let percent = Int(text.dropLast()), (1...99).contains(percent) else { return nil }
            self.init(.share(percent: percent), severity: severity)
        } else {
            guard let span = TimeSpan(parsing: text), span.seconds > 0 else { return nil }
            self.init(.span(span), severity: severity)
        }
    }
}
