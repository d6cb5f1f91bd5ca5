import COpenSSL

/// PKCS #7 or CMS as OpenSSL parses it. OpenSSL accepts the indefinite lengths of BER, which our decoder rejects.
package struct OpenSSLSignedData: Sendable {
    /// The DER of each certificate.
    package let certificates: [[UInt8]]
    /// The DER of each list.
    package let revocationLists: [[UInt8]]
    package let hasSigners: Bool

    /// Parses the SignedData at the start of `bytes`.
    ///
    /// - Throws: `OpenSSLError` with OpenSSL's reason.
    package init(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        OpenSSLError.clear()
        let read = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_CMS_ContentInfo(nil, &position, buffer.count)
        }
        guard let message = read else { throw .drained(after: "d2i_CMS_ContentInfo") }
        defer {
            CMS_ContentInfo_free(message)
            // Asking another kind of message for certificates leaves irrelevant errors in the queue.
            OpenSSLError.clear()
        }
        guard OBJ_obj2nid(CMS_get0_type(message)) == NID_pkcs7_signed else {
            throw OpenSSLError(call: "CMS_get0_type", entries: [])
        }
        certificates = DERStack.take(CMS_get1_certs(message), encode: i2d_X509, free: X509_free)
        revocationLists = DERStack.take(CMS_get1_crls(message), encode: i2d_X509_CRL, free: X509_CRL_free)
        hasSigners = OPENSSL_sk_num(CMS_get0_SignerInfos(message)) > 0
    }
}

/// Converts OpenSSL's stacks of certificates and lists to DER.
enum DERStack {
    /// Encodes the elements of `stack`, and frees the stack and its elements.
    static func take(
        _ stack: OpaquePointer?,
        encode: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32,
        free: (OpaquePointer?) -> Void
    ) -> [[UInt8]] {
        defer { OPENSSL_sk_free(stack) }
        return (0..<max(0, OPENSSL_sk_num(stack))).map { index in
            let object = OPENSSL_sk_value(stack, index).map { OpaquePointer($0) }
            defer { free(object) }
            return der(of: object, encode)
        }
    }

    /// The output of one of OpenSSL's `i2d` functions for `object`. Empty when it fails.
    static func der(
        of object: OpaquePointer?,
        _ encode: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = encode(object, &allocated)
        guard count > 0, let start = allocated else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
