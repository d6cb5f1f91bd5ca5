import CertificateDecoding
import Certificates
import OpenSSLBinding

/// What a certificate is expected to be. What is nil or empty is not checked.
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
    /// What came of reading it.
    enum Content {
        case pem(Secret)
        /// Why there is nothing, in a clause to follow its name.
        case unreadable(String)
    }

    package let path: String
    /// The mode in octal, where others than its owner means have access to it.
    let openMode: String?
    let content: Content
    /// Where it is encrypted.
    let passphrase: Secret?

    /// - Parameters:
    ///   - path: its name in messages.
    ///   - openMode: its mode in octal, where others than its owner means have access to it.
    ///   - pem: what it holds.
    ///   - passphrase: opens it.
    package init(path: String, openMode: String? = nil, pem: [UInt8], passphrase: Secret? = nil) {
        self.path = path
        self.openMode = openMode
        self.content = .pem(Secret(String(decoding: pem, as: UTF8.self)))
        self.passphrase = passphrase
    }

    /// One that could not be read, and why: a clause to follow its name.
    package init(path: String, unreadable clause: String) {
        self.path = path
        self.openMode = nil
        self.content = .unreadable(clause)
        self.passphrase = nil
    }

    /// Whether this is the key of `certificate`.
    ///
    /// - Throws: why it cannot be told, in a clause to follow its name.
    func isKey(of certificate: VerifiableCertificate) throws(UnusableKey) -> Bool {
        switch content {
        case .unreadable(let clause): throw UnusableKey(content: .anythingElse, clause: clause)
        case .pem(let pem):
            do throws(TLSMaterialError) {
                return try certificate.parsed.isPair(
                    withKeyPEM: Array(pem.exposed.utf8), passphrase: passphrase.map { Array($0.exposed.utf8) })
            } catch .encrypted {
                throw UnusableKey(content: .key, clause: "is encrypted, and no passphrase is given for it")
            } catch .noKey {
                let found = ForeignContent(of: Array(pem.exposed.utf8).span)
                throw UnusableKey(
                    content: found == .privateKey ? .key : .anythingElse,
                    clause: "holds no private key in PEM\(found.instead)")
            } catch {
                throw UnusableKey(content: .key, clause: error.description)
            }
        }
    }
}

/// Why a key cannot be compared with a certificate.
struct UnusableKey: Error {
    /// What the file holds, as far as its rights matter.
    enum Content {
        case key
        case anythingElse
    }

    let content: Content
    /// To follow the key's name.
    let clause: String
}

extension ForeignContent {
    /// What a file holds in place of a private key in PEM.
    fileprivate var instead: String {
        switch self {
        case .empty: ": it is empty"
        case .page: ": it is an HTML or XML document"
        case .privateKey: ": it is one in DER; openssl pkey -inform DER -out FILE converts it"
        case .certificateRequest: ": it is a certificate request"
        case .publicKey: ": it is a public key"
        case .otherPEM: ": what it holds is a certificate or another PEM"
        case .other: ""
        }
    }
}
