import Certificates

/// How long before expiry a notice is sent, and its severity.
package struct Threshold: Hashable, Sendable {
    /// The distance from the threshold to the expiry.
    package enum Distance: Hashable, Sendable {
        /// A fixed span, such as 30 days.
        case span(TimeSpan)
        /// The share of the certificate's lifetime, in percent from 1 to 99, that is left when the threshold is
        /// crossed.
        case share(percent: Int)
    }

    package let distance: Distance
    /// nil for the default of `StageLadder.severity(of:)`.
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
    /// The distance in the form of the configuration: `30d`, `33%`.
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
