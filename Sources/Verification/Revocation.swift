import Certificates
import OpenSSLBinding

/// The revocation of a certificate by a list of its issuer.
package struct Revocation: Hashable, Sendable {
    package let certificate: Certificate
    /// nil when the list's date cannot be read.
    package let revokedAt: Instant?
    /// nil when the entry has none.
    package let reason: RevocationReason?

    init(_ certificate: Certificate, _ entry: RevocationListEntry?) {
        self.certificate = certificate
        revokedAt = entry?.revokedAt.map { Instant(seconds: $0) }
        reason = entry?.reason.flatMap(UInt8.init(exactly:)).flatMap(RevocationReason.init(rawValue:))
    }
}
