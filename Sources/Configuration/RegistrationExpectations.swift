import CertificateDecoding
import Certificates
import OpenSSLBinding

/// What an entry of `certificates` expects of its certificates besides their role. Each certificate is verified against
/// it.
package struct RegistrationExpectations: Hashable, Sendable {
    /// An exact name or a glob.
    package let commonName: NamePattern?
    /// Names with their kind, such as `DNS:api.example.com`, or without it.
    package let alternativeNames: [String]
    /// The absolute path of the private key.
    package let keyFile: String?
    /// The OpenSSL security level of the servers that verify the certificates.
    package var securityLevel: SecurityLevel

    package init(
        commonName: NamePattern? = nil, alternativeNames: [String] = [], keyFile: String? = nil,
        securityLevel: SecurityLevel = .ofMachine
    ) {
        self.commonName = commonName
        self.alternativeNames = alternativeNames
        self.keyFile = keyFile
        self.securityLevel = securityLevel
    }
}
