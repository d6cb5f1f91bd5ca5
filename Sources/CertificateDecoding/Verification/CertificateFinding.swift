import Certificates

/// Something that is wrong with one certificate in its place, whatever its stage.
package struct CertificateFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Hashable, Sendable, CaseIterable {
        /// It works, and should not stay so.
        case warning
        /// A verifier that does its duty refuses the certificate.
        case critical
    }

    package let code: Code
    /// One sentence for a person. It may quote the certificate: whoever prints it escapes it.
    package let message: String
    /// Of `revoked`: what was, when and why.
    package let revocation: Revocation?

    package var severity: Severity { code.severity }
    /// What to do about it.
    package var remedy: String { code.remedy }

    package init(_ code: Code, _ message: String, revocation: Revocation? = nil) {
        self.code = code
        self.message = message
        self.revocation = revocation
    }
}

extension CertificateFinding {
    /// The closed set of codes; docs/verify.md lists them. Raw values are part of the JSON contract.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        // The path to a trust anchor (RFC 5280 6.1)
        case issuerUnknown = "issuer_unknown"
        case signatureInvalid = "signature_invalid"
        case pathLengthExceeded = "path_length_exceeded"
        case nameConstraintsViolated = "name_constraints_violated"
        case issuerNotAuthority = "issuer_not_a_ca"
        case issuerNotValid = "issuer_not_valid"
        case pathInvalid = "path_invalid"
        // Revocation
        case revoked
        case revocationListMissing = "revocation_list_missing"
        case revocationListNotCurrent = "revocation_list_not_current"
        case revocationListInvalid = "revocation_list_invalid"
        // The validity
        case notYetValid = "not_yet_valid"
        case expired
        case unreadableDate = "unreadable_date"
        case outlivesIssuer = "outlives_issuer"
        // What it is for
        case wrongPurpose = "wrong_purpose"
        case notAuthority = "not_a_ca"
        // Its strength
        case weakKey = "weak_key"
        case weakSignature = "weak_signature"
        case signatureNotAllowed = "signature_not_allowed"
        case keyNotAllowed = "key_not_allowed"
        case versionNotAllowed = "version_not_allowed"
        // Its private key
        case keyUnreadable = "key_unreadable"
        case keyMismatch = "key_mismatch"
        case keyReadableByOthers = "key_readable_by_others"
        // What was expected of it
        case commonNameMismatch = "common_name_mismatch"
        case alternativeNameMissing = "alternative_name_missing"
        case issuerMismatch = "issuer_mismatch"
        case fingerprintMismatch = "fingerprint_mismatch"
        // Among others
        case duplicateSerialNumber = "duplicate_serial_number"
    }
}
