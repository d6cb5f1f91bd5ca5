import COpenSSL

/// The trust anchors of a TLS client, parsed once for any number of connections.
package final class TrustStore: @unchecked Sendable {  // because the X509_STORE locks itself
    private let store: OpaquePointer

    /// Takes every certificate in `pem` for a trust anchor, whether self-signed or not.
    ///
    /// - Throws: `TLSMaterialError` if there is none, or one is broken: a store that lacks an anchor would blame the server.
    package init(pem: [UInt8]) throws(TLSMaterialError) {
        OpenSSLError.clear()
        guard let store = X509_STORE_new() else { throw .unreadable(.drained(after: "X509_STORE_new")) }
        do {
            try Self.add(pem, to: store)
        } catch {
            X509_STORE_free(store)
            throw error
        }
        // As libcurl sets its own store: an intermediate in the file is trusted without its root.
        _ = X509_STORE_set_flags(store, UInt(X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN))
        self.store = store
    }

    deinit {
        X509_STORE_free(store)
    }

    /// Makes the `SSL_CTX` trust these anchors and no others.
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

/// Sole owner of one `X509`.
final class OwnedCertificate {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    /// All certificates in `pem`, in their order.
    static func all(inPEM pem: [UInt8]) throws(TLSMaterialError) -> [OwnedCertificate] {
        var certificates: [OwnedCertificate] = []
        // A closure of withUnsafeBytes cannot throw a typed error through, so it returns a result.
        let result = pem.withUnsafeBytes { bytes -> Result<Void, TLSMaterialError> in
            do throws(TLSMaterialError) {
                let input = try PEMInput(bytes)
                while let certificate = try input.nextCertificate() {
                    certificates.append(OwnedCertificate(certificate))
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        return certificates
    }

    /// The certificate in DER, as OpenSSL writes it.
    var der: [UInt8] {
        Self.encoded { i2d_X509(pointer, $0) }
    }

    /// The issuer's Name in DER.
    var issuerDER: [UInt8] {
        Self.encoded { i2d_X509_NAME(X509_get_issuer_name(pointer), $0) }
    }

    private static func encoded(
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = encode(&allocated)
        guard count > 0, let start = allocated else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
