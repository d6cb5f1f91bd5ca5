import CertificateDecoding
import Certificates

/// What one container held, with all that can be said of its certificates without knowing what they are for.
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

/// A certificate with what verifiers look at, and what is wrong with it wherever it stands.
package struct InspectedCertificate: Hashable, Sendable {
    package let certificate: Certificate
    /// What people call it: its most specific Common Name, else its first other name. Hostile, as all its text.
    package let name: String
    /// pathLenConstraint (RFC 5280 4.2.1.9); nil without a limit.
    package let pathLength: Int?
    /// Such as `clientAuth`; nil without an extended key usage, which allows everything; empty where none of it can
    /// be read.
    package let extendedKeyUsages: [String]?
    package let findings: [CertificateFinding]
    /// The index of the certificate in the same bundle that issued it; nil where it is not there, and for a root. No
    /// certificate is its own issuer, by whatever detour.
    package let issuer: Int?
}
