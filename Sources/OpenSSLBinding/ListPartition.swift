import COpenSSL

/// Why a complete list does not say everything about the certificates of its issuer (RFC 5280 5.2.5), and OpenSSL does not
/// use it without extended CRL support, which no TLS server switches on.
package enum ListPartition: Hashable, Sendable {
    /// It may list certificates of other issuers.
    case indirect
    /// It lists what was revoked for some reasons only.
    case someReasons
    /// It is about attribute certificates, or its issuingDistributionPoint contradicts itself.
    case unusable
}

extension ParsedRevocationList {
    /// nil for a list that OpenSSL uses.
    package var partition: ListPartition? {
        defer { OpenSSLError.clear() }
        guard X509_CRL_get_ext_by_NID(pointer, NID_issuing_distribution_point, -1) >= 0 else { return nil }
        guard let found = X509_CRL_get_ext_d2i(pointer, NID_issuing_distribution_point, nil, nil) else {
            return .unusable
        }
        let point = found.assumingMemoryBound(to: ISSUING_DIST_POINT.self)
        defer { ISSUING_DIST_POINT_free(point) }
        let scopes = [point.pointee.onlyuser, point.pointee.onlyCA, point.pointee.onlyattr].count { $0 > 0 }
        if scopes > 1 || point.pointee.onlyattr > 0 { return .unusable }
        if point.pointee.indirectCRL > 0 { return .indirect }
        return point.pointee.onlysomereasons != nil ? .someReasons : nil
    }
}
