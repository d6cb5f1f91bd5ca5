import COpenSSL

/// Why a complete list does not cover all certificates of its issuer (RFC 5280 5.2.5). OpenSSL uses such a list only
/// with extended CRL support, which TLS servers do not enable.
package enum ListPartition: Hashable, Sendable {
    /// It may contain certificates of other issuers.
    case indirect
    /// It contains only certificates that were revoked for some reasons.
    case someReasons
    /// It is about attribute certificates, or its issuingDistributionPoint is contradictory.
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
