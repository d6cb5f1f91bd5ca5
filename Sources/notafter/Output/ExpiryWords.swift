import Certificates
import ExpiryRules

/// What a validity means at one instant, in words: `expires in 29 days`, `expired 2 days ago`.
struct ExpiryWords {
    let text: String
    /// As `check` judges it without further wishes.
    let state: CertificateState

    init(_ validity: Validity, at now: Instant) {
        let ladder = StageLadder(thresholds: [.span(.days(30)), .span(.days(14))], validity: validity)
        state = CertificateState(validity: validity, ladder: ladder, at: now)
        text = Self.text(validity, at: now)
    }

    private static func text(_ validity: Validity, at now: Instant) -> String {
        if let notBefore = validity.notBefore, now < notBefore { return "valid in \(daysLeft(notBefore - now))" }
        return switch validity.expiry {
        case .never: "never expires"
        case .unreadable: "unreadable"
        case .at(let notAfter) where notAfter < now: "expired \(days((now - notAfter).seconds / 86_400)) ago"
        case .at(let notAfter): "expires in \(daysLeft(notAfter - now))"
        }
    }

    /// As `check` counts them; on the last one there is nothing to count.
    private static func daysLeft(_ span: TimeSpan) -> String {
        days(span < .days(1) ? 0 : span.daysRoundedUp)
    }

    private static func days(_ count: Int64) -> String {
        switch count {
        case 0: "less than a day"
        case 1: "1 day"
        default: "\(count) days"
        }
    }
}
