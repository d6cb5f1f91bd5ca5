import COpenSSL

/// The entry of a revocation list for one certificate.
package struct RevocationListEntry: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z. nil when the date cannot be read.
    package let revokedAt: Int64?
    /// RFC 5280 5.3.1. nil when the entry has none.
    package let reason: Int?

    /// nil when `list` has no entry for `certificate`.
    init?(of certificate: OpaquePointer?, in list: OpaquePointer?) {
        defer { OpenSSLError.clear() }
        var found: OpaquePointer?
        guard let certificate, let list, X509_CRL_get0_by_cert(list, &found, certificate) > 0, let found else {
            return nil
        }
        revokedAt = Self.seconds(X509_REVOKED_get0_revocationDate(found))
        reason = Self.reason(of: found)
    }

    /// The reasonCode of a `X509_REVOKED`.
    static func reason(of entry: OpaquePointer) -> Int? {
        guard let value = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil) else { return nil }
        let reason = value.assumingMemoryBound(to: ASN1_ENUMERATED.self)
        defer { ASN1_ENUMERATED_free(reason) }
        return ASN1_ENUMERATED_get(reason)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Int64(timegm(&parts))
    }
}
