import Certificates

/// Something that is wrong with one certificate or revocation list in its place, whatever its stage.
package struct CertificateFinding: Hashable, Sendable {
    package let code: FindingCode
    /// One sentence for a person. It may quote the certificate: escape it before printing.
    package let message: String
    /// Of `revoked`: what was, when and why.
    package let revocation: Revocation?

    package var severity: Severity { code.severity }
    /// What to do about it.
    package var remedy: String { code.remedy }

    package init(_ code: FindingCode, _ message: String, revocation: Revocation? = nil) {
        self.code = code
        self.message = message
        self.revocation = revocation
    }
}
