import Certificates
import OpenSSLBinding

extension KeyFact {
    /// The facts of a key as OpenSSL reads it.
    package init(_ key: PublicKeyFacts) {
        self =
            switch key {
            case .rsa(let bits): .rsa(bits: bits)
            case .dsa(let bits): .dsa(bits: bits)
            case .ellipticCurve(let curve?, _): .curve(curve)
            case .ellipticCurve(nil, let bits): .unnamedCurve(bits: bits)
            case .edwards: .edwards
            case .other: .unknown
            }
    }
}

extension SignatureFact {
    /// The facts of a signature as OpenSSL reads it.
    package init(_ signature: SignatureFacts) {
        let scheme: Scheme =
            switch signature.scheme {
            case .rsa: .rsa
            case .rsaPSS: .rsaPSS
            case .ecdsa: .ecdsa
            case .dsa: .dsa
            case .edwards: .edwards
            case .other: .other
            }
        let digest: Digest? =
            switch signature.digest {
            case .md5OrOlder: .md5OrOlder
            case .sha1: .sha1
            case .sha224: .sha224
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            case .other: nil
            }
        self.init(scheme: scheme, digest: digest)
    }
}

extension ExtensionFact {
    /// The facts of a flaw that OpenSSL reports.
    package init(_ flaw: ExtensionFlaw) {
        switch flaw.kind {
        case .duplicate: self.init(.duplicate, name: flaw.name)
        case .malformed: self.init(.malformed, name: flaw.name)
        }
    }
}
