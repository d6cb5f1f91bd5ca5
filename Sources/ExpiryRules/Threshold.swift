import Certificates

/// How long before expiry people want to hear of it.
package enum Threshold: Hashable, Sendable {
    /// A fixed span, such as 30 days.
    case span(TimeSpan)
    /// A share of the certificate's lifetime in percent, 1 to 99: what is left of it when the threshold is crossed.
    case share(percent: Int)

    /// The span before expiry at which `validity` crosses this threshold; nil for a share of an unknown lifetime.
    package func span(in validity: Validity) -> TimeSpan? {
        switch self {
        case .span(let span): span
        case .share(let percent): validity.lifetime.map { TimeSpan(seconds: $0.seconds * Int64(percent) / 100) }
        }
    }
}

extension Threshold: CustomStringConvertible {
    /// As the configuration has it: `30d`, `33%`.
    package var description: String {
        switch self {
        case .span(let span): span.description
        case .share(let percent): "\(percent)%"
        }
    }

    /// Reads `30d`, `1d12h` or `33%`.
    ///
    /// - Returns: nil unless the span is positive, or the share a whole number from 1 to 99.
    package init?(parsing text: String) {
        if text.hasSuffix("%") {
            guard let percent = Int(text.dropLast()), (1...99).contains(percent) else { return nil }
            self = .share(percent: percent)
        } else {
            guard let span = TimeSpan(parsing: text), span.seconds > 0 else { return nil }
            self = .span(span)
        }
    }
}
