import COpenSSL

/// PKCS #7 or CMS as OpenSSL reads it: with the indefinite lengths of BER, which a strict reader would not take.
package struct OpenSSLSignedData: Sendable {
    /// Each in DER.
    package let certificates: [[UInt8]]
    /// Each in DER.
    package let revocationLists: [[UInt8]]
    package let hasSigners: Bool

    /// Lets OpenSSL read the SignedData that `bytes` begin with.
    ///
    /// - Throws: `OpenSSLError`, which says why it is none.
    package init(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        OpenSSLError.clear()
        let read = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_CMS_ContentInfo(nil, &position, buffer.count)
        }
        guard let message = read else { throw .drained(after: "d2i_CMS_ContentInfo") }
        defer {
            CMS_ContentInfo_free(message)
            // Asking a message of another kind for certificates is an error of no further use.
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

/// OpenSSL's stacks of certificates and lists, as DER.
enum DERStack {
    /// Encodes all of `stack`, which it frees with what is in it.
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

    /// The DER that one of OpenSSL's `i2d` functions writes for `object`; empty if it cannot.
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
