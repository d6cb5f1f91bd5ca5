import COpenSSL

/// A certificate as OpenSSL parses it. It is used for DER that our stricter decoder rejects.
package struct OpenSSLCertificate: Sendable {
    /// The length of the certificate. The bytes after it are not part of it.
    package let length: Int
    package let subject: OpenSSLName
    package let issuer: OpenSSLName
    /// The INTEGER in DER.
    package let serialNumberDER: [UInt8]
    /// nil when OpenSSL cannot read the date either.
    package let notBefore: OpenSSLDate?
    /// nil when OpenSSL cannot read the date either.
    package let notAfter: OpenSSLDate?
    package let isCA: Bool
    package let signatureAlgorithm: ObjectIdentifier
    /// The SubjectPublicKeyInfo in DER.
    package let publicKeyDER: [UInt8]
    /// The GeneralNames of each subjectAltName. A valid certificate has at most one.
    package let alternativeNamesDER: [[UInt8]]

    /// Parses the certificate at the start of `bytes`.
    ///
    /// - Throws: `OpenSSLError` with OpenSSL's reason.
    package init(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        OpenSSLError.clear()
        var length = 0
        let read = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let read = d2i_X509(nil, &position, buffer.count)
            if let start = buffer.baseAddress, let position { length = position - start }
            return read
        }
        guard let certificate = read else { throw .drained(after: "d2i_X509") }
        defer {
            X509_free(certificate)
            // Looking up a missing or malformed extension leaves irrelevant errors in the queue.
            OpenSSLError.clear()
        }
        self.length = length
        self.subject = OpenSSLName(X509_get_subject_name(certificate))
        self.issuer = OpenSSLName(X509_get_issuer_name(certificate))
        self.serialNumberDER = OpenSSLDER.bytes(of: X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER)
        self.notBefore = OpenSSLDate(X509_get0_notBefore(certificate))
        self.notAfter = OpenSSLDate(X509_get0_notAfter(certificate))
        self.isCA = Self.isCA(certificate)
        self.signatureAlgorithm = try Self.signatureAlgorithm(of: certificate)
        self.publicKeyDER = OpenSSLDER.bytes(of: X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY)
        self.alternativeNamesDER = Self.alternativeNames(of: certificate)
    }
}

extension OpenSSLCertificate {
    private static func isCA(_ certificate: OpaquePointer) -> Bool {
        guard let found = X509_get_ext_d2i(certificate, NID_basic_constraints, nil, nil) else { return false }
        let constraints = found.assumingMemoryBound(to: BASIC_CONSTRAINTS.self)
        defer { BASIC_CONSTRAINTS_free(constraints) }
        return constraints.pointee.ca != 0
    }

    private static func signatureAlgorithm(of certificate: OpaquePointer) throws(OpenSSLError) -> ObjectIdentifier {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_get0_signature(nil, &algorithm, certificate)
        return try ObjectIdentifier(of: algorithm)
    }

    private static func alternativeNames(of certificate: OpaquePointer) -> [[UInt8]] {
        var values: [[UInt8]] = []
        var index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
        while index >= 0 {
            if let value = X509_EXTENSION_get_data(X509_get_ext(certificate, index)),
                let start = ASN1_STRING_get0_data(value)
            {
                values.append(Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value)))))
            }
            index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, index)
        }
        return values
    }
}
