import Certificates

/// Fixed spans that do not suit how long something lives: it is within them for most of its life, so that what they tell
/// is no news. With certificates of 47 days, `30d` alerts for two thirds of each one's life; with one of a day it always
/// does, and its renewals are told as such, one after the other.
package struct ThresholdMisfit: Hashable, Sendable {
    /// The longest first.
    package let spans: [TimeSpan]
    package let lifetime: TimeSpan

    /// The share to use instead: with it, a renewal at two thirds of the life, as ACME clients make it, is told to nobody.
    package static let share = Threshold.share(percent: 33)

    /// - Returns: nil where no fixed span covers more than half of the life, or where nobody knows how long it is.
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

    /// What is so, as a clause about the certificate.
    package var explanation: String {
        let names = spans.map(\.description)
        let list = [names.dropLast().joined(separator: ", "), names.last ?? ""].filter { !$0.isEmpty }
            .joined(separator: " and ")
        // Both ends of a validity belong to it.
        let life = CountedTime(TimeSpan(seconds: lifetime.seconds + 1))
        return names.count > 1
            ? "the thresholds \(list) cover most of its life of \(life)"
            : "the threshold \(list) covers most of its life of \(life)"
    }
}
