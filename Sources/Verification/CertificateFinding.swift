import Certificates

/// A finding of one certificate or revocation list at one place, independent of its stage.
package struct CertificateFinding: Hashable, Sendable {
    package let code: FindingCode
    /// One sentence for a person. It may quote the certificate, so escape it before printing.
    package let message: String
    /// The details of a `revoked` finding: certificate, date and reason.
    package let revocation: Revocation?

    package var severity: Severity { code.severity }
    /// The next step for a person.
    package var remedy: String { code.remedy }

    package init(_ code: FindingCode, _ message: String, revocation: Revocation? = nil) {
        self.code = code
        self.message = message
        self.revocation = revocation
    }
}
