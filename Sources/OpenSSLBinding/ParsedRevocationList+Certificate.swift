import COpenSSL

extension ParsedRevocationList {
    /// Whether it is a delta list, which completes another list (RFC 5280 5.2.4) and is not usable alone. OpenSSL
    /// ignores it silently.
    package var isDelta: Bool { X509_CRL_get_ext_by_NID(pointer, NID_delta_crl, -1) >= 0 }

    /// Whether it has a nextUpdate, readable or not.
    package var hasNextUpdate: Bool { X509_CRL_get0_nextUpdate(pointer) != nil }

    /// Whether the list's issuer is the issuer of `certificate`.
    package func hasIssuer(of certificate: ParsedCertificate) -> Bool {
        X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_issuer_name(certificate.pointer)) == 0
    }

    /// Whether `issuer` is the CA that the list names: by its subject and, if the list has one, its authority key
    /// identifier.
    package func names(asIssuer issuer: ParsedCertificate) -> Bool {
        defer { OpenSSLError.clear() }
        guard X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(issuer.pointer)) == 0 else {
            return false
        }
        guard let found = X509_CRL_get_ext_d2i(pointer, NID_authority_key_identifier, nil, nil) else { return true }
        let identifier = found.assumingMemoryBound(to: AUTHORITY_KEYID.self)
        defer { AUTHORITY_KEYID_free(identifier) }
        return X509_check_akid(issuer.pointer, identifier) == X509_V_OK
    }

    /// Whether the list's signature verifies with the key of `issuer`.
    package func signatureVerifies(byKeyOf issuer: ParsedCertificate) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let key = X509_get0_pubkey(issuer.pointer) else { return false }
        return X509_CRL_verify(pointer, key) == 1
    }

    /// Whether the list is current. A list with an unreadable date is not.
    ///
    /// - Parameter seconds: the time since 1970-01-01T00:00:00Z.
    /// - Returns: whether thisUpdate is not after that time, and nextUpdate, if present, is.
    package func isCurrent(at seconds: Int64) -> Bool {
        defer { OpenSSLError.clear() }
        var time = time_t(seconds)
        guard X509_cmp_time(X509_CRL_get0_lastUpdate(pointer), &time) < 0 else { return false }
        guard let nextUpdate = X509_CRL_get0_nextUpdate(pointer) else { return true }
        return X509_cmp_time(nextUpdate, &time) > 0
    }

    /// Whether the list has a critical extension that OpenSSL does not support. Verifiers must not use such a list (RFC
    /// 5280 5.2, 5.3).
    package var hasUnknownCriticalExtension: Bool {
        let known = [NID_issuing_distribution_point, NID_authority_key_identifier, NID_delta_crl]
        let own = (0..<X509_CRL_get_ext_count(pointer)).compactMap { X509_CRL_get_ext(pointer, $0) }
        if own.contains(where: { Self.isCritical($0, unless: known) }) { return true }
        let entries = X509_CRL_get_REVOKED(pointer)
        return (0..<max(0, OPENSSL_sk_num(entries))).contains { index in
            guard let entry = OPENSSL_sk_value(entries, index).map({ OpaquePointer($0) }) else { return false }
            return (0..<X509_REVOKED_get_ext_count(entry)).compactMap { X509_REVOKED_get_ext(entry, $0) }
                .contains { Self.isCritical($0, unless: [NID_certificate_issuer]) }
        }
    }

    /// Whether this delta list and `base` together form a complete list (RFC 5280 5.2.4): the number of `base` is at
    /// least that of the base list that the delta refers to and lower than that of the delta, and both have the same
    /// scope.
    package func completes(_ base: ParsedRevocationList) -> Bool {
        guard let needed = number(NID_delta_crl), let own = number(NID_crl_number),
            let other = base.number(NID_crl_number)
        else { return false }
        return needed <= other && other < own && hasScope(of: base)
    }

    /// Whether it has the same issuing distribution point and authority key identifier as `other`, and so covers the
    /// same certificates.
    package func hasScope(of other: ParsedRevocationList) -> Bool {
        [NID_authority_key_identifier, NID_issuing_distribution_point].allSatisfy {
            extensionBytes($0) == other.extensionBytes($0)
        }
    }

    /// Whether this complete list contains the changes of `delta`: it has the same scope and is not older.
    package func replaces(_ delta: ParsedRevocationList) -> Bool {
        guard let own = number(NID_crl_number), let other = delta.number(NID_crl_number) else { return false }
        return other <= own && hasScope(of: delta)
    }

    /// Whether its number (RFC 5280 5.2.3) is higher than that of `other`.
    package func isNewer(than other: ParsedRevocationList) -> Bool {
        guard let own = number(NID_crl_number) else { return false }
        guard let number = other.number(NID_crl_number) else { return true }
        return number < own
    }

    /// The entry for `certificate`, which has the same issuer. nil when there is none.
    package func entry(of certificate: ParsedCertificate) -> RevocationListEntry? {
        RevocationListEntry(of: certificate.pointer, in: pointer)
    }

    private func number(_ identifier: Int32) -> OwnedInteger? {
        defer { OpenSSLError.clear() }
        return X509_CRL_get_ext_d2i(pointer, identifier, nil, nil).map(OwnedInteger.init)
    }

    private func extensionBytes(_ identifier: Int32) -> [UInt8]? {
        let index = X509_CRL_get_ext_by_NID(pointer, identifier, -1)
        guard index >= 0, let data = X509_EXTENSION_get_data(X509_CRL_get_ext(pointer, index)) else { return nil }
        return Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(data), count: Int(ASN1_STRING_length(data))))
    }

    private static func isCritical(_ found: OpaquePointer, unless known: [Int32]) -> Bool {
        X509_EXTENSION_get_critical(found) > 0 && !known.contains(OBJ_obj2nid(X509_EXTENSION_get_object(found)))
    }
}

/// The sole owner of one `ASN1_INTEGER`.
private final class OwnedInteger: Comparable {
    private let pointer: UnsafeMutablePointer<ASN1_INTEGER>

    init(_ pointer: UnsafeMutableRawPointer) {
        self.pointer = pointer.assumingMemoryBound(to: ASN1_INTEGER.self)
    }

    deinit {
        ASN1_INTEGER_free(pointer)
    }

    static func < (left: OwnedInteger, right: OwnedInteger) -> Bool {
        ASN1_INTEGER_cmp(left.pointer, right.pointer) < 0
    }

    static func == (left: OwnedInteger, right: OwnedInteger) -> Bool {
        ASN1_INTEGER_cmp(left.pointer, right.pointer) == 0
    }
}
