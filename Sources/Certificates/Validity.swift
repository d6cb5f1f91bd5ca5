/// A certificate's validity period (RFC 5280 4.1.2.5). Both ends are part of it: expired means after `notAfter`.
///
/// An unreadable date (month 13, a missing digit) is nil, and then the expiry is unknown. That is reported as a defect,
/// never as "expired in 1970" or "never expires".
package struct Validity: Hashable, Sendable {
    package let notBefore: Instant?
    package let notAfter: Instant?

    package init(notBefore: Instant?, notAfter: Instant?) {
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// From the first second of the validity to its last. nil when a date is unreadable or there is no expiry.
    package var lifetime: TimeSpan? {
        guard let notBefore, case .at(let notAfter) = expiry else { return nil }
        return notAfter - notBefore
    }

    package var expiry: Expiry {
        switch notAfter {
        case nil: .unreadable
        case .some(.noWellDefinedExpiry): .never
        case .some(let instant): .at(instant)
        }
    }
}

/// When a certificate stops being valid.
package enum Expiry: Hashable, Sendable {
    /// The last second of validity.
    case at(Instant)
    /// `99991231235959Z` (RFC 5280 4.1.2.5).
    case never
    /// The date in the certificate cannot be read.
    case unreadable

    /// Whether the expiry is after `instant`. False for an unreadable date, whose expiry is unknown.
    package func isLater(than instant: Instant) -> Bool {
        switch self {
        case .at(let end): end > instant
        case .never: true
        case .unreadable: false
        }
    }
}
