import CertificateDecoding
import Certificates
import OpenSSLBinding

/// What an entry of `certificates` expects of its certificates besides their role: each of them is verified against it.
package struct RegistrationExpectations: Hashable, Sendable {
    /// Exact, or a glob.
    package let commonName: NamePattern?
    /// With their kind, such as `DNS:api.example.com`, or without.
    package let alternativeNames: [String]
    /// The absolute path of the private key.
    package let keyFile: String?
    /// Of the servers that verify them.
    package var securityLevel = SecurityLevel.ofMachine

    package init(
        commonName: NamePattern? = nil, alternativeNames: [String] = [], keyFile: String? = nil
    ) {
        self.commonName = commonName
        self.alternativeNames = alternativeNames
        self.keyFile = keyFile
    }
}
