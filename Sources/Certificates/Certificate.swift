/// The facts of one X.509 certificate, without its DER and without any key.
///
/// All text comes from the certificate and is untrusted. Code that prints it must escape it for its destination.
package struct Certificate: Hashable, Sendable {
    package let fingerprint: Fingerprint
    /// RFC 4514, the most specific attribute first. Empty for an empty name.
    package let subject: String
    /// RFC 4514.
    package let issuer: String
    package let serialNumber: SerialNumber
    package let validity: Validity
    /// The `cA` flag of basicConstraints (RFC 5280 4.2.1.9). False for a version 1 certificate, which has no
    /// extensions.
    package let isCA: Bool
    /// A name such as `ecdsa-with-SHA256`, or the dotted OID of an unknown algorithm.
    package let signatureAlgorithm: String
    /// Kind and size, such as `RSA 2048` or `EC P-256`. For other kinds OpenSSL's name of the algorithm, or its dotted
    /// OID.
    package let publicKey: String
    /// Each with its kind before a colon, in the certificate's order: `DNS:api.example.com`, `IP:10.0.0.1`.
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
    /// The name in all output: the subject; without one the first alternative name, such as `DNS:api.example`; without
    /// any the serial number. Untrusted text.
    package var name: String {
        if !subject.isEmpty { return subject }
        return subjectAlternativeNames.first ?? "serial \(serialNumber)"
    }
}

/// Identifies a renewal among the certificates of one registration: by the names in the certificate, or by its key.
package struct LineageKey: Hashable, Sendable {
    /// SHA-256 over the DER of subject and subjectAltName. nil when the certificate has neither.
    package let names: [UInt8]?
    /// SHA-256 over the DER of the SubjectPublicKeyInfo.
    package let publicKey: [UInt8]

    package init(names: [UInt8]?, publicKey: [UInt8]) {
        self.names = names
        self.publicKey = publicKey
    }
}
