import COpenSSL

/// What a TLS client needs of a PKCS #12 file. The caller owns the key.
struct PKCS12Identity {
    /// The key's own first, then the rest in the order that leads to a CA.
    let certificates: [OwnedCertificate]
    let key: OpaquePointer

    /// - Throws: `TLSMaterialError`
    init(_ bytes: [UInt8], passphrase: String) throws(TLSMaterialError) {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        // Made in the library that also knows RC2 and its kin, in which older tools wrap certificates.
        var archive = PKCS12_init_ex(NID_pkcs7_data, LegacyLibrary.shared.context, nil)
        let isRead = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_PKCS12(&archive, &position, buffer.count) != nil
        }
        guard isRead, let archive else { throw .unreadable(.drained(after: "d2i_PKCS12")) }
        defer { PKCS12_free(archive) }
        var key: OpaquePointer?
        var leaf: OpaquePointer?
        var others: OpaquePointer?
        guard PKCS12_parse(archive, passphrase, &key, &leaf, &others) == 1 else { throw .wrongPassphrase }
        var certificates = leaf.map { [OwnedCertificate($0)] } ?? []
        for index in 0..<max(0, OPENSSL_sk_num(others)) {
            guard let other = OPENSSL_sk_value(others, index) else { continue }
            certificates.append(OwnedCertificate(OpaquePointer(other)))
        }
        // The certificates have their owners; the stack is only their list.
        OPENSSL_sk_free(others)
        guard let key else { throw .noKey }
        guard leaf != nil else {
            EVP_PKEY_free(key)
            throw .noCertificate
        }
        self.certificates = certificates
        self.key = key
    }
}
