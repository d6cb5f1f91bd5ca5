import CertificateDecoding
import Certificates

/// The content of one container, with the findings that do not depend on the use of its certificates.
package struct InspectedBundle: Hashable, Sendable {
    package let certificates: [InspectedCertificate]
    package let revocationLists: [InspectedRevocationList]
    package let defects: [Defect]

    package init(
        certificates: [InspectedCertificate] = [], revocationLists: [InspectedRevocationList] = [],
        defects: [Defect] = []
    ) {
        self.certificates = certificates
        self.revocationLists = revocationLists
        self.defects = defects
    }
}

/// A certificate with the fields that verifiers use, and the findings that do not depend on its place.
package struct InspectedCertificate: Hashable, Sendable {
    package let certificate: Certificate
    /// The name for messages: its most specific Common Name, otherwise its first other name. Untrusted, as all of its
    /// text.
    package let name: String
    /// pathLenConstraint (RFC 5280 4.2.1.9). nil without a limit.
    package let pathLength: Int?
    /// Names such as `clientAuth`. nil without an extended key usage, which allows every purpose. Empty when the
    /// extension cannot be read.
    package let extendedKeyUsages: [String]?
    package let findings: [CertificateFinding]
    /// The index of the issuer in the same bundle. nil when the issuer is not in it, and for a root. No certificate is
    /// its own issuer, directly or through others.
    package let issuer: Int?
}
