import Certificates
import ExpiryRules

/// A validity at one instant, in words: `expires in 29 days`, `expired 2 days ago`.
struct ExpiryWords {
    let text: String
    /// The state by the default limits of `check`.
    let state: CertificateState

    init(_ validity: Validity, at now: Instant) {
        let ladder = StageLadder(thresholds: [.span(.days(30)), .span(.days(14))], validity: validity)
        state = CertificateState(validity: validity, ladder: ladder, at: now)
        text = Self.text(validity, at: now)
    }

    private static func text(_ validity: Validity, at now: Instant) -> String {
        if let notBefore = validity.notBefore, now < notBefore { return "valid in \(CountedTime(notBefore - now))" }
        return switch validity.expiry {
        case .never: "never expires"
        case .unreadable: "unreadable"
        case .at(let notAfter) where notAfter < now: "expired \(CountedTime(now - notAfter)) ago"
        case .at(let notAfter): "expires in \(CountedTime(notAfter - now))"
        }
    }
}
