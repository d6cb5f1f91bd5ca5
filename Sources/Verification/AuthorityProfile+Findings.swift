import Certificates
import OpenSSLBinding

extension AuthorityProfile {
    /// The requirements of the service that `facts` do not meet.
    func findings(of facts: CertificateFacts) -> [CertificateFinding] {
        var findings: [CertificateFinding] = []
        if facts.authority == .withoutCAFlag {
            findings.append(CertificateFinding(.notAuthority, .certificate(.serviceWantsAuthority(service: self))))
        }
        if !allows(facts.signature) {
            let signature = SignatureFact(facts.signature)
            findings.append(
                CertificateFinding(
                    .signatureNotAllowed, .certificate(.serviceRefusesSignature(service: self, signature: signature))))
        }
        if !allows(facts.publicKey) {
            let key = KeyFact(facts.publicKey)
            findings.append(
                CertificateFinding(.keyNotAllowed, .certificate(.serviceRefusesKey(service: self, key: key))))
        }
        if self == .awsTrustStore, facts.version != 3 {
            findings.append(
                CertificateFinding(
                    .versionNotAllowed, .certificate(.serviceRefusesVersion(service: self, version: facts.version))))
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
