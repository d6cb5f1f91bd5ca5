import Certificates
import OpenSSLBinding

extension AuthorityProfile {
    /// The requirements of the service that `facts` do not meet.
    func findings(of facts: CertificateFacts) -> [CertificateFinding] {
        var findings: [CertificateFinding] = []
        if facts.authority == .withoutCAFlag {
            findings.append(CertificateFinding(.notAuthority, "\(self) takes CA certificates only, with CA:TRUE"))
        }
        if !allows(facts.signature) {
            findings.append(
                CertificateFinding(.signatureNotAllowed, "\(self) does not take a signature by \(facts.signature)"))
        }
        if !allows(facts.publicKey) {
            findings.append(CertificateFinding(.keyNotAllowed, "\(self) does not take the key (\(facts.publicKey))"))
        }
        if self == .awsTrustStore, facts.version != 3 {
            findings.append(
                CertificateFinding(
                    .versionNotAllowed, "\(self) takes X.509 version 3 only, and this is version \(facts.version)"))
        }
        return findings
    }

    private func allows(_ signature: SignatureFacts) -> Bool {
        switch self {
        case .cloudflareAccess:
            [.rsa, .ecdsa].contains(signature.scheme)
                && [.sha1, .sha256, .sha384, .sha512].contains(signature.digest)
        case .awsTrustStore:
            [.rsa, .rsaPSS, .ecdsa].contains(signature.scheme)
                && [.sha256, .sha384, .sha512].contains(signature.digest)
        }
    }

    private func allows(_ key: PublicKeyFacts) -> Bool {
        switch (self, key) {
        case (.cloudflareAccess, _): true
        case (.awsTrustStore, .rsa(let bits)): (2_048...8_192).contains(bits)
        case (.awsTrustStore, .ellipticCurve(let curve, _)):
            ["prime256v1", "secp384r1", "secp521r1"].contains(curve)
        case (.awsTrustStore, .dsa), (.awsTrustStore, .edwards), (.awsTrustStore, .other): false
        }
    }
}
extension SignatureFacts: CustomStringConvertible {
    /// `RSA with SHA-1`
    package var description: String {
        let scheme =
            switch scheme {
            case .rsa: "RSA"
            case .rsaPSS: "RSASSA-PSS"
            case .ecdsa: "ECDSA"
            case .dsa: "DSA"
            case .edwards: "EdDSA"
            case .other: "another algorithm"
            }
        return switch digest {
        case .md5OrOlder: scheme + " with MD5 or older"
        case .sha1: scheme + " with SHA-1"
        case .sha224: scheme + " with SHA-224"
        case .sha256: scheme + " with SHA-256"
        case .sha384: scheme + " with SHA-384"
        case .sha512: scheme + " with SHA-512"
        case .other: scheme
        }
    }
}

extension PublicKeyFacts: CustomStringConvertible {
    /// `RSA 1024`
    package var description: String {
        switch self {
        case .rsa(let bits): "RSA \(bits)"
        case .dsa(let bits): "DSA \(bits)"
        case .ellipticCurve(let curve, let bits): "EC \(curve ?? "\(bits) bits")"
        case .edwards: "EdDSA"
        case .other: "of an unknown kind"
        }
    }
}
