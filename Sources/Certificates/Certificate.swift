/// What notafter knows of one X.509 certificate: facts alone, no DER and no key.
///
/// All text comes from the certificate and is hostile: whoever prints it escapes it for where it goes.
package struct Certificate: Hashable, Sendable {
    package let fingerprint: Fingerprint
    /// RFC 4514, most specific attribute first; empty for an empty name.
    package let subject: String
    /// RFC 4514.
    package let issuer: String
    package let serialNumber: SerialNumber
    package let validity: Validity
    /// The `cA` flag of basicConstraints (RFC 5280 4.2.1.9); a version 1 certificate without extensions has none.
    package let isCA: Bool
    /// A name such as `ecdsa-with-SHA256`, or the dotted OID where it has none that we know.
    package let signatureAlgorithm: String
    /// Kind and size, such as `RSA 2048` or `EC P-256`; else OpenSSL's name of the algorithm, or its dotted OID.
    package let publicKey: String
    /// With their kind before a colon, in the certificate's order: `DNS:api.example.com`, `IP:10.0.0.1`.
    package let subjectAlternativeNames: [String]
    package let lineageKey: LineageKey

    package init(
        fingerprint: Fingerprint, subject: String, issuer: String, serialNumber: SerialNumber, validity: Validity,
        isCA: Bool, signatureAlgorithm: String, publicKey: String, subjectAlternativeNames: [String],
        lineageKey: LineageKey
    ) {
        self.fingerprint = fingerprint
        self.subject = subject
        self.issuer = issuer
        self.serialNumber = serialNumber
        self.validity = validity
        self.isCA = isCA
        self.signatureAlgorithm = signatureAlgorithm
        self.publicKey = publicKey
        self.subjectAlternativeNames = subjectAlternativeNames
        self.lineageKey = lineageKey
    }
}

extension Certificate {
    /// What people call it, everywhere: its subject; without one its first alternative name, such as `DNS:api.example`;
    /// without any, its serial number. Hostile text.
    package var name: String {
        if !subject.isEmpty { return subject }
        return subjectAlternativeNames.first ?? "serial \(serialNumber)"
    }
}

/// By what a renewal is known among the certificates of one registration: whom the certificate names, and which key it holds.
package struct LineageKey: Hashable, Sendable {
    /// SHA-256 over the DER of subject and subjectAltName; nil when the certificate names nobody.
    package let names: [UInt8]?
    /// SHA-256 of the SubjectPublicKeyInfo's DER.
    package let publicKey: [UInt8]

    package init(names: [UInt8]?, publicKey: [UInt8]) {
        self.names = names
        self.publicKey = publicKey
    }
}
