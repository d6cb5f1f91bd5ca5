/// The facts of a certificate that only verification needs, as OpenSSL reads them.
package struct CertificateFacts: Hashable, Sendable {
    /// 1 to 3, or any other number in the certificate.
    package let version: Int
    package let publicKey: PublicKeyFacts
    package let signature: SignatureFacts
    package let authority: AuthorityStanding
    /// pathLenConstraint (RFC 5280 4.2.1.9): how many CAs may be between this one and a leaf. nil without a limit.
    package let pathLength: Int?
    /// The purposes of the extended key usage (RFC 5280 4.2.1.12). nil without the extension, which allows every
    /// purpose.
    package let extendedKeyUsage: ExtendedKeyUsage?
    /// Whether subject and issuer are the same name.
    package let isSelfIssued: Bool
    /// Each commonName of the subject, in the order of the DER. Values that are not text are skipped.
    package let commonNames: [String]
    /// Each commonName of the issuer.
    package let issuerCommonNames: [String]
    /// The flawed extensions, for which verifiers refuse the certificate.
    package let extensionFlaws: [ExtensionFlaw]

    /// For our own decoder, which rejects certificates with extension flaws, so there are none here.
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
    /// `curve` is OpenSSL's name, such as `prime256v1`. nil when the key contains explicit curve parameters.
    case ellipticCurve(curve: String?, bits: Int)
    case edwards
    /// A kind that OpenSSL does not support, or a malformed key.
    case other
}

/// The algorithm of a certificate's signature.
package struct SignatureFacts: Hashable, Sendable {
    /// The signature scheme.
    package enum Scheme: Hashable, Sendable {
        /// PKCS #1 v1.5
        case rsa
        case rsaPSS
        case ecdsa
        case dsa
        case edwards
        case other
    }

    /// The digest that is signed.
    package enum Digest: Hashable, Sendable {
        case md5OrOlder
        case sha1
        case sha224
        case sha256
        case sha384
        case sha512
        /// Part of the scheme, as with EdDSA, or unknown.
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
    /// basicConstraints has CA:TRUE, and keyUsage, if present, has keyCertSign.
    case authority
    /// basicConstraints is missing or has CA:FALSE.
    case withoutCAFlag
    /// CA:TRUE, and a keyUsage without keyCertSign.
    case withoutCertificateSigning
}

/// The purposes of an extended key usage that are relevant to mutual TLS.
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
