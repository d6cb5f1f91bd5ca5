import Certificates

/// A threshold applied to one certificate: a span before its expiry, or `expired`, the last stage.
///
/// Ordered by urgency: `before(30 days) < before(14 days) < expired`.
package enum Stage: Hashable, Comparable, Sendable {
    case before(TimeSpan)
    case expired

    /// The first second at which a certificate that expires at `expiry` is in this stage. `notAfter` itself is still
    /// valid (RFC 5280 4.1.2.5), so `expired` begins a second after it.
    package func beginning(for expiry: Instant) -> Instant {
        switch self {
        case .before(let span): expiry - span
        case .expired: expiry + TimeSpan(seconds: 1)
        }
    }

    package static func < (left: Stage, right: Stage) -> Bool {
        switch (left, right) {
        case (.before(let left), .before(let right)): left > right
        case (.before, .expired): true
        case (.expired, _): false
        }
    }

    /// The span before expiry in seconds; 0 is `expired`. The ledger and messages use this form.
    package var secondsBefore: Int64 {
        switch self {
        case .before(let span): span.seconds
        case .expired: 0
        }
    }

    package init(secondsBefore: Int64) {
        self = secondsBefore > 0 ? .before(TimeSpan(seconds: secondsBefore)) : .expired
    }
}

extension Stage: CustomStringConvertible {
    /// `30d`, `expired`.
    package var description: String {
        switch self {
        case .before(let span): span.description
        case .expired: "expired"
        }
    }
}
