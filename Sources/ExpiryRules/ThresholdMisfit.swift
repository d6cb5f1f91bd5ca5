import Certificates

/// Fixed spans that cover most of an object's lifetime, so that their notices mean nothing. With certificates of 47
/// days, `30d` alerts for two thirds of each lifetime. With certificates of one day it always alerts, and each renewal
/// sends a resolution.
package struct ThresholdMisfit: Hashable, Sendable {
    /// The longest first.
    package let spans: [TimeSpan]
    package let lifetime: TimeSpan

    /// The share to use instead. With it, a renewal after two thirds of the lifetime, as ACME clients do it, sends no
    /// notice.
    package static let share = Threshold.share(percent: 33)

    /// - Returns: nil if no fixed span covers more than half of the lifetime, or if the lifetime is unknown.
    package init?(_ thresholds: some Sequence<Threshold>, validity: Validity) {
        guard let lifetime = validity.lifetime, lifetime.seconds > 0 else { return nil }
        let spans = thresholds.compactMap { threshold -> TimeSpan? in
            guard case .span(let span) = threshold.distance, span.seconds > lifetime.seconds - span.seconds else {
                return nil
            }
            return span
        }
        guard !spans.isEmpty else { return nil }
        self.spans = Set(spans).sorted(by: >)
        self.lifetime = lifetime
    }

    /// The misfit as a fact about the certificate.
    package var flaw: FlawFact {
        // A validity includes both of its ends.
        .certificate(.thresholdsTooWide(spans: spans, lifetime: TimeSpan(seconds: lifetime.seconds + 1)))
    }
}
