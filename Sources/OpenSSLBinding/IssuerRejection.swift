import COpenSSL

/// Why OpenSSL does not accept a certificate as the issuer of another one, although it has the issuer's name.
package enum IssuerRejection: Hashable, Sendable {
    /// OpenSSL does not support the signature algorithm.
    case unsupportedSignature
    /// The public key is of an unsupported algorithm, malformed, or inherits its parameters.
    case unusableKey
    /// The key is not of the kind that the signature algorithm needs.
    case algorithmMismatch
    /// The certificate's authority key identifier names another key.
    case otherKeyIdentifier
    /// OpenSSL rejects an extension of the issuer or of the certificate.
    case invalidExtension
    /// The issuer's key usage does not have keyCertSign.
    case mayNotSign
    /// Any other reason, for example that the issuer is the certificate itself.
    case other
}

extension ParsedCertificate {
    /// Whether the subject of `issuer` is the name of this certificate's issuer.
    package func hasIssuerNamed(as issuer: ParsedCertificate) -> Bool {
        X509_NAME_cmp(X509_get_issuer_name(pointer), X509_get_subject_name(issuer.pointer)) == 0
    }

    /// Why `issuer`, which has the right name, is not accepted as the issuer. nil when it is.
    package func rejection(ofIssuer issuer: ParsedCertificate) -> IssuerRejection? {
        defer { OpenSSLError.clear() }
        switch X509_check_issued(issuer.pointer, pointer) {
        case X509_V_OK: return nil
        case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM: return .unsupportedSignature
        case X509_V_ERR_NO_ISSUER_PUBLIC_KEY: return .unusableKey
        case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY:
            return .algorithmMismatch
        case X509_V_ERR_AKID_SKID_MISMATCH, X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH: return .otherKeyIdentifier
        case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: return .mayNotSign
        case X509_V_ERR_UNSPECIFIED: return .invalidExtension
        default: return .other
        }
    }

    /// Whether it has name constraints (RFC 5280 4.2.1.10).
    package var hasNameConstraints: Bool { X509_get_ext_by_NID(pointer, NID_name_constraints, -1) >= 0 }

    /// Whether a CRL distribution point names another list issuer than the certificate's own issuer (RFC 5280
    /// 4.2.1.13).
    package var namesOtherListIssuer: Bool {
        defer { OpenSSLError.clear() }
        guard let points = X509_get_ext_d2i(pointer, NID_crl_distribution_points, nil, nil) else { return false }
        let stack = OpaquePointer(points)
        defer { CRL_DIST_POINTS_free(stack) }
        return (0..<max(0, OPENSSL_sk_num(stack))).contains { index in
            OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: DIST_POINT.self).pointee.CRLissuer != nil
        }
    }
}
