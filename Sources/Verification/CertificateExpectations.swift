import CertificateDecoding
import Certificates
import OpenSSLBinding

/// The expectations for a certificate. Those that are nil or empty are not checked.
package struct CertificateExpectations: Sendable {
    package var role: Role?
    /// The required extended key usage. By default that of the role.
    package var purpose: CertificatePurpose?
    /// The Common Name of the subject.
    package var commonName: NamePattern?
    /// The Common Name of the issuer.
    package var issuerCommonName: NamePattern?
    /// With their kind, such as `DNS:api.example.com`, or without it, which matches any kind.
    package var alternativeNames: [String]
    package var fingerprint: Fingerprint?
    package var profile: AuthorityProfile?
    package var key: PrivateKeyFile?
    /// The minimum strength of the path's keys and signatures. By default that of this machine's OpenSSL.
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

    /// The purpose that the leaf must allow.
    var effectivePurpose: CertificatePurpose {
        if let purpose { return purpose }
        return switch role {
        case .client: .client
        case .server: .server
        case .ca, .revocationList, nil: .any
        }
    }
}

/// The use of a certificate in TLS.
package enum CertificatePurpose: String, Hashable, Sendable, CaseIterable {
    case client
    case server
    /// Any purpose is accepted.
    case any
}

/// A private key file. Its bytes are passed only to OpenSSL.
package struct PrivateKeyFile: Sendable {
    /// The result of reading the file.
    enum Content {
        case pem(Secret)
        /// The reason why it was not read, as a clause to follow the path.
        case unreadable(String)
    }

    package let path: String
    /// The mode in octal, if users other than the intended ones have access.
    let openMode: String?
    let content: Content
    /// The passphrase of an encrypted key.
    let passphrase: Secret?

    /// - Parameters:
    ///   - path: the path, for messages.
    ///   - openMode: the mode in octal, if users other than the intended ones have access.
    ///   - pem: the content.
    ///   - passphrase: decrypts the key.
    package init(path: String, openMode: String? = nil, pem: [UInt8], passphrase: Secret? = nil) {
        self.path = path
        self.openMode = openMode
        self.content = .pem(Secret(String(decoding: pem, as: UTF8.self)))
        self.passphrase = passphrase
    }

    /// A file that could not be read, with the reason as a clause to follow its name.
    package init(path: String, unreadable clause: String) {
        self.path = path
        self.openMode = nil
        self.content = .unreadable(clause)
        self.passphrase = nil
    }

    /// Whether this is the key of `certificate`.
    ///
    /// - Throws: the reason why they cannot be compared, as a clause to follow the file's name.
    func isKey(of certificate: VerifiableCertificate) throws(UnusableKey) -> Bool {
        switch content {
        case .unreadable(let clause): throw UnusableKey(content: .anythingElse, trouble: .failed(reason: clause))
        case .pem(let pem):
            do throws(TLSMaterialError) {
                return try certificate.parsed.isPair(
                    withKeyPEM: Array(pem.exposed.utf8), passphrase: passphrase.map { Array($0.exposed.utf8) })
            } catch .encrypted {
                throw UnusableKey(content: .key, trouble: .encrypted)
            } catch .noKey {
                let found = ForeignContent(of: Array(pem.exposed.utf8).span)
                throw UnusableKey(
                    content: found == .privateKey ? .key : .anythingElse,
                    trouble: .noKey(instead: found.content))
            } catch {
                throw UnusableKey(content: .key, trouble: .failed(reason: error.description))
            }
        }
    }
}

/// The reason why a key cannot be compared with a certificate.
struct UnusableKey: Error {
    /// The kind of content, which decides whether open permissions matter.
    enum Content {
        case key
        case anythingElse
    }

    let content: Content
    let trouble: KeyFileTrouble
}

extension ForeignContent {
    /// What a file holds that has no private key in PEM.
    fileprivate var content: KeyFileTrouble.Content {
        switch self {
        case .empty: .nothing
        case .page: .markup
        case .privateKey: .keyInDER
        case .certificateRequest: .certificateRequest
        case .publicKey: .publicKey
        case .otherPEM: .otherPEM
        case .other: .unknown
        }
    }
}
