import COpenSSL

/// One failure of a path's verification by OpenSSL. A path may have several.
package struct VerificationFailure: Hashable, Sendable {
    /// The kind of failure. OpenSSL's codes with the same meaning for a person are one reason.
    package enum Reason: Hashable, Sendable {
        case issuerUnknown
        case signatureInvalid
        case pathLengthExceeded
        case nameConstraintsViolated
        case issuerNotAuthority
        case wrongPurpose
        case outsideValidity
        case unreadableDate
        case revoked
        case revocationListMissing
        /// The issuer has lists, and none of them covers certificates of this kind.
        case revocationListOfOtherScope
        case revocationListOutsideValidity
        case revocationListInvalid
        case keyUnusable
        /// A key of the path has fewer bits than the security level requires.
        case keyBelowSecurityLevel
        /// A signature of the path uses a digest that the security level does not allow.
        case signatureBelowSecurityLevel
        /// OpenSSL failed without a reason.
        case unspecified
        case other
    }

    /// The list that revokes a certificate, and its entry.
    package struct Revocation: Hashable, Sendable {
        package let entry: RevocationListEntry
        /// The index among the verifier's lists.
        package let list: Int
    }

    package let reason: Reason
    /// `X509_V_ERR_…`
    package let code: Int
    /// The position in the path. The leaf is 0.
    package let depth: Int
    /// OpenSSL's text for the code.
    package let text: String
    /// Present for `revoked` only.
    package let revocation: Revocation?

    init(code: Int32, depth: Int32, revocation: Revocation? = nil) {
        self.reason = Reason(code: code)
        self.code = Int(code)
        self.depth = Int(depth)
        self.text = String(cString: X509_verify_cert_error_string(Int(code)))
        self.revocation = revocation
    }
}

extension VerificationFailure.Reason {
    init(code: Int32) {
        self =
            switch code {
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_CERT_REJECTED:
                .issuerUnknown
            case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
                X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, X509_V_ERR_NO_ISSUER_PUBLIC_KEY,
                X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH,
                X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY:
                .signatureInvalid
            case X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_CERT_CHAIN_TOO_LONG: .pathLengthExceeded
            case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
                X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
                X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
                .nameConstraintsViolated
            case X509_V_ERR_INVALID_CA, X509_V_ERR_INVALID_NON_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
                .issuerNotAuthority
            case X509_V_ERR_INVALID_PURPOSE: .wrongPurpose
            case X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED: .outsideValidity
            case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD: .unreadableDate
            case X509_V_ERR_CERT_REVOKED: .revoked
            case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: .revocationListMissing
            case X509_V_ERR_DIFFERENT_CRL_SCOPE: .revocationListOfOtherScope
            case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID: .revocationListOutsideValidity
            case X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
                X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
                X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
                X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
                .revocationListInvalid
            case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS: .keyUnusable
            case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: .keyBelowSecurityLevel
            case X509_V_ERR_CA_MD_TOO_WEAK: .signatureBelowSecurityLevel
            case X509_V_ERR_UNSPECIFIED: .unspecified
            default: .other
            }
    }
}
