import COpenSSL

/// The trust anchors of a TLS client, parsed once for many connections.
package final class TrustStore: @unchecked Sendable {  // because the X509_STORE locks itself
    private let store: OpaquePointer

    /// Treats every certificate in `pem` as a trust anchor, self-signed or not.
    ///
    /// - Throws: `TLSMaterialError` when there is none, or when one is malformed: with an anchor missing, the server
    ///   would be blamed.
    package convenience init(pem: [UInt8]) throws(TLSMaterialError) {
        // The same flags as libcurl's own store: an intermediate in the file is trusted without its root.
        try self.init(pem: pem, flags: X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN)
    }

    /// Treats the certificates in `pem` as trust anchors whatever their dates, for a server that is known by its very
    /// certificate.
    ///
    /// - Throws: `TLSMaterialError` when there is none, or when one is malformed.
    package convenience init(pinning pem: [UInt8]) throws(TLSMaterialError) {
        try self.init(
            pem: pem, flags: X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME)
    }

    private init(pem: [UInt8], flags: Int32) throws(TLSMaterialError) {
        OpenSSLError.clear()
        guard let store = X509_STORE_new() else { throw .unreadable(.drained(after: "X509_STORE_new")) }
        do {
            try Self.add(pem, to: store)
        } catch {
            X509_STORE_free(store)
            throw error
        }
        _ = X509_STORE_set_flags(store, UInt(flags))
        self.store = store
    }

    deinit {
        X509_STORE_free(store)
    }

    /// Makes the `SSL_CTX` trust only these anchors.
    package func install(into context: OpaquePointer) {
        SSL_CTX_set1_cert_store(context, store)
    }

    private static func add(_ pem: [UInt8], to store: OpaquePointer) throws(TLSMaterialError) {
        var isEmpty = true
        for certificate in try OwnedCertificate.all(inPEM: pem) {
            OpenSSLError.clear()
            guard X509_STORE_add_cert(store, certificate.pointer) == 1 else {
                throw .unreadable(.drained(after: "X509_STORE_add_cert"))
            }
            isEmpty = false
        }
        guard !isEmpty else { throw .noCertificate }
    }
}
