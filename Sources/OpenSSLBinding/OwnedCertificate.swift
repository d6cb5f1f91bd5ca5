import COpenSSL

/// The sole owner of one `X509`.
final class OwnedCertificate {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Parses exactly one certificate.
    ///
    /// - Throws: `OpenSSLError` when `der` is not a certificate, or has bytes after it.
    init(der: [UInt8]) throws(OpenSSLError) {
        OpenSSLError.clear()
        var consumed = 0
        let read = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let read = d2i_X509(nil, &position, buffer.count)
            if let start = buffer.baseAddress, let position { consumed = position - start }
            return read
        }
        guard let certificate = read else { throw .drained(after: "d2i_X509") }
        guard consumed == der.count else {
            X509_free(certificate)
            throw OpenSSLError(call: "d2i_X509", entries: [])
        }
        self.pointer = certificate
    }

    deinit {
        X509_free(pointer)
    }

    /// All certificates in `pem`, in their order.
    static func all(inPEM pem: [UInt8]) throws(TLSMaterialError) -> [OwnedCertificate] {
        var certificates: [OwnedCertificate] = []
        // A closure of withUnsafeBytes cannot throw a typed error, so it returns a result.
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

    static func encoded(
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = encode(&allocated)
        guard count > 0, let start = allocated else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
