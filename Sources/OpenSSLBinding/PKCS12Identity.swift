import COpenSSL

/// The identity of a TLS client in a PKCS #12 file. The caller owns the key.
struct PKCS12Identity {
    /// The certificate of the key first, then the others in the order that leads to a CA.
    let certificates: [OwnedCertificate]
    let key: OpaquePointer

    /// - Throws: `TLSMaterialError`
    init(_ bytes: [UInt8], passphrase: String) throws(TLSMaterialError) {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        // Use the library context that supports RC2 and similar algorithms, with which older tools encrypt
        // certificates.
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
        // The certificates have owners now. This frees only the stack.
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
