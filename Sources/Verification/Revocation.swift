import Certificates
import OpenSSLBinding

/// That a certificate was revoked, as the list of its issuer says.
package struct Revocation: Hashable, Sendable {
    package let certificate: Certificate
    /// nil where the list's date is no date.
    package let revokedAt: Instant?
    /// nil where the list gives none.
    package let reason: RevocationReason?

    init(_ certificate: Certificate, _ entry: RevocationListEntry?) {
        self.certificate = certificate
        revokedAt = entry?.revokedAt.map { Instant(seconds: $0) }
        reason = entry?.reason.flatMap(UInt8.init(exactly:)).flatMap(RevocationReason.init(rawValue:))
    }

    /// `at 2026-01-02T03:04:05Z (keyCompromise)`
    var clause: String {
        let date = revokedAt.map { "at \($0)" } ?? "at an unreadable date"
        return date + (reason.map { " (\($0))" } ?? " (no reason given)")
    }
}
