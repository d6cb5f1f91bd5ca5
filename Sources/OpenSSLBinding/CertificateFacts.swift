/// Facts of a certificate beyond the model on which verification depends, as OpenSSL reads them.
package struct CertificateFacts: Hashable, Sendable {
    /// 1 to 3, or what else the certificate claims.
    package let version: Int
    package let publicKey: PublicKeyFacts
    package let signature: SignatureFacts
    package let authority: AuthorityStanding
    /// pathLenConstraint (RFC 5280 4.2.1.9): how many CAs may stand between this one and a leaf; nil without a limit.
    package let pathLength: Int?
    /// What the extended key usage allows (RFC 5280 4.2.1.12); nil without the extension, which allows everything.
    package let extendedKeyUsage: ExtendedKeyUsage?
    /// Subject and issuer are the same name.
    package let isSelfIssued: Bool
    /// Every commonName of the subject, in the DER's order; what is no text in them is left out.
    package let commonNames: [String]
    /// Every commonName of the issuer.
    package let issuerCommonNames: [String]
    /// The extensions because of which verifiers refuse it.
    package let extensionFlaws: [ExtensionFlaw]

    /// For a reader of its own, which takes nothing that OpenSSL would flag: without extension flaws.
    package init(
        version: Int, publicKey: PublicKeyFacts, signature: SignatureFacts, authority: AuthorityStanding,
        pathLength: Int?, extendedKeyUsage: ExtendedKeyUsage?, isSelfIssued: Bool, commonNames: [String],
        issuerCommonNames: [String]
    ) {
        self.version = version
        self.publicKey = publicKey
        self.signature = signature
        self.authority = authority
        self.pathLength = pathLength
        self.extendedKeyUsage = extendedKeyUsage
        self.isSelfIssued = isSelfIssued
        self.commonNames = commonNames
        self.issuerCommonNames = issuerCommonNames
        extensionFlaws = []
    }
}

/// Kind and size of a public key.
package enum PublicKeyFacts: Hashable, Sendable {
    case rsa(bits: Int)
    case dsa(bits: Int)
    /// `curve` is OpenSSL's name, such as `prime256v1`; nil where the curve is spelt out.
    case ellipticCurve(curve: String?, bits: Int)
    case edwards
    /// Of a kind that OpenSSL does not know, or broken.
    case other
}

/// How a certificate was signed.
package struct SignatureFacts: Hashable, Sendable {
    /// What made the signature.
    package enum Scheme: Hashable, Sendable {
        /// PKCS #1 v1.5
        case rsa
        case rsaPSS
        case ecdsa
        case dsa
        case edwards
        case other
    }

    /// What the signature is over.
    package enum Digest: Hashable, Sendable {
        case md5OrOlder
        case sha1
        case sha224
        case sha256
        case sha384
        case sha512
        /// One that the scheme brings along, as EdDSA does, or one that we do not know.
        case other
    }

    package let scheme: Scheme
    package let digest: Digest

    package init(scheme: Scheme, digest: Digest) {
        self.scheme = scheme
        self.digest = digest
    }
}

/// Whether a certificate may sign others (RFC 5280 4.2.1.3 and 4.2.1.9).
package enum AuthorityStanding: Hashable, Sendable {
    /// basicConstraints says CA:TRUE, and keyUsage, where there is one, has keyCertSign.
    case authority
    /// basicConstraints is missing or says CA:FALSE.
    case withoutCAFlag
    /// CA:TRUE, but a keyUsage without keyCertSign.
    case withoutCertificateSigning
}

/// The purposes of an extended key usage that matter to mutual TLS.
package struct ExtendedKeyUsage: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let server = ExtendedKeyUsage(rawValue: 1)
    package static let client = ExtendedKeyUsage(rawValue: 2)
    /// anyExtendedKeyUsage
    package static let any = ExtendedKeyUsage(rawValue: 4)
}
