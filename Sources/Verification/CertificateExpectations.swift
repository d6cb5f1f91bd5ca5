import Certificates
import OpenSSLBinding

/// What somebody knows about a certificate and wants to see confirmed. What is nil or empty is not looked at.
package struct CertificateExpectations: Sendable {
    package var role: Role?
    /// The extended key usage that it needs; by default the one of its role.
    package var purpose: CertificatePurpose?
    /// Of the subject.
    package var commonName: NamePattern?
    /// Of the issuer.
    package var issuerCommonName: NamePattern?
    /// With their kind, such as `DNS:api.example.com`, or without, which fits any kind.
    package var alternativeNames: [String]
    package var fingerprint: Fingerprint?
    package var profile: AuthorityProfile?
    package var key: PrivateKeyFile?
    /// Which keys and signatures of the path are strong enough; that of this machine's OpenSSL by default.
    package var securityLevel: SecurityLevel

    package init(
        role: Role? = nil, purpose: CertificatePurpose? = nil, commonName: NamePattern? = nil,
        issuerCommonName: NamePattern? = nil, alternativeNames: [String] = [], fingerprint: Fingerprint? = nil,
        profile: AuthorityProfile? = nil, key: PrivateKeyFile? = nil, securityLevel: SecurityLevel = .ofMachine
    ) {
        self.role = role
        self.purpose = purpose
        self.commonName = commonName
        self.issuerCommonName = issuerCommonName
        self.alternativeNames = alternativeNames
        self.fingerprint = fingerprint
        self.profile = profile
        self.key = key
        self.securityLevel = securityLevel
    }

    /// What the leaf has to be good for.
    var effectivePurpose: CertificatePurpose {
        if let purpose { return purpose }
        return switch role {
        case .client: .client
        case .server: .server
        case .ca, .revocationList, nil: .any
        }
    }
}

/// What a certificate is shown for in TLS.
package enum CertificatePurpose: String, Hashable, Sendable, CaseIterable {
    case client
    case server
    /// Not looked at.
    case any
}

/// A private key as it lies on disk. Its bytes go to OpenSSL and nowhere else.
package struct PrivateKeyFile: Sendable {
    package let path: String
    /// The lower nine bits of the file's mode.
    package let permissions: UInt16
    let pem: Secret
    /// Where it is encrypted.
    let passphrase: Secret?

    package init(path: String, permissions: UInt16, pem: [UInt8], passphrase: Secret? = nil) {
        self.path = path
        self.permissions = permissions
        self.pem = Secret(String(decoding: pem, as: UTF8.self))
        self.passphrase = passphrase
    }
}
