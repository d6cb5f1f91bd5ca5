import COpenSSL

/// A revocation list as OpenSSL parses it. OpenSSL accepts the indefinite lengths of BER, and dates in forms that RFC
/// 5280 does not allow.
package struct OpenSSLRevocationList: Sendable {
    /// An optional date.
    package enum OptionalDate: Hashable, Sendable {
        case absent
        case unreadable
        case at(OpenSSLDate)
    }

    /// One revoked certificate.
    package struct Entry: Sendable {
        /// The INTEGER in DER.
        package let serialNumberDER: [UInt8]
        /// nil when OpenSSL cannot read the date either.
        package let revokedAt: OpenSSLDate?
        /// RFC 5280 5.3.1. nil when the entry has none.
        package let reason: Int?
    }

    /// The length of the list in bytes.
    package let length: Int
    package let issuer: OpenSSLName
    /// nil when OpenSSL cannot read the date either.
    package let thisUpdate: OpenSSLDate?
    package let nextUpdate: OptionalDate
    /// The INTEGER of cRLNumber in DER. nil without the extension.
    package let numberDER: [UInt8]?
    /// The INTEGER of deltaCRLIndicator in DER. nil without the extension.
    package let deltaBaseDER: [UInt8]?
    package let authorityKeyIdentifier: [UInt8]?
    package let signatureAlgorithm: ObjectIdentifier
    package let entries: [Entry]

    /// Parses the list at the start of `bytes`.
    ///
    /// - Throws: `OpenSSLError` with OpenSSL's reason.
    package init(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        OpenSSLError.clear()
        var length = 0
        let read = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let read = d2i_X509_CRL(nil, &position, buffer.count)
            if let start = buffer.baseAddress, let position { length = position - start }
            return read
        }
        guard let list = read else { throw .drained(after: "d2i_X509_CRL") }
        defer {
            X509_CRL_free(list)
            // Looking up a missing or malformed extension leaves irrelevant errors in the queue.
            OpenSSLError.clear()
        }
        self.length = length
        issuer = OpenSSLName(X509_CRL_get_issuer(list))
        thisUpdate = OpenSSLDate(X509_CRL_get0_lastUpdate(list))
        if let date = X509_CRL_get0_nextUpdate(list) {
            nextUpdate = OpenSSLDate(date).map(OptionalDate.at) ?? .unreadable
        } else {
            nextUpdate = .absent
        }
        numberDER = Self.integer(NID_crl_number, of: list)
        deltaBaseDER = Self.integer(NID_delta_crl, of: list)
        authorityKeyIdentifier = Self.authorityKeyIdentifier(of: list)
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_CRL_get0_signature(list, nil, &algorithm)
        signatureAlgorithm = try ObjectIdentifier(of: algorithm)
        entries = Self.entries(of: list)
    }
}

extension OpenSSLRevocationList {
    private static func integer(_ identifier: Int32, of list: OpaquePointer) -> [UInt8]? {
        guard let value = X509_CRL_get_ext_d2i(list, identifier, nil, nil) else { return nil }
        let integer = value.assumingMemoryBound(to: ASN1_INTEGER.self)
        defer { ASN1_INTEGER_free(integer) }
        return OpenSSLDER.bytes(of: UnsafePointer(integer), i2d_ASN1_INTEGER)
    }

    private static func authorityKeyIdentifier(of list: OpaquePointer) -> [UInt8]? {
        guard let value = X509_CRL_get_ext_d2i(list, NID_authority_key_identifier, nil, nil) else { return nil }
        let identifier = value.assumingMemoryBound(to: AUTHORITY_KEYID.self)
        defer { AUTHORITY_KEYID_free(identifier) }
        guard let key = identifier.pointee.keyid else { return nil }
        return Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(key), count: Int(ASN1_STRING_length(key))))
    }

    private static func entries(of list: OpaquePointer) -> [Entry] {
        let revoked = X509_CRL_get_REVOKED(list)
        return (0..<max(0, OPENSSL_sk_num(revoked))).compactMap { index in
            guard let entry = OPENSSL_sk_value(revoked, index).map({ OpaquePointer($0) }) else { return nil }
            return Entry(
                serialNumberDER: OpenSSLDER.bytes(of: X509_REVOKED_get0_serialNumber(entry), i2d_ASN1_INTEGER),
                revokedAt: OpenSSLDate(X509_REVOKED_get0_revocationDate(entry)),
                reason: RevocationListEntry.reason(of: entry))
        }
    }
}

extension ObjectIdentifier {
    /// The identifier of an algorithm.
    ///
    /// - Throws: `OpenSSLError` when OpenSSL returns none.
    init(of algorithm: UnsafePointer<X509_ALGOR>?) throws(OpenSSLError) {
        var object: OpaquePointer?
        X509_ALGOR_get0(&object, nil, nil, algorithm)
        guard let object else { throw .drained(after: "X509_ALGOR_get0") }
        self.init(object)
    }
}
