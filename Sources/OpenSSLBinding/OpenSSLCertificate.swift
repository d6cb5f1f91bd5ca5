import COpenSSL

/// A certificate as OpenSSL reads it: the judgement on DER that a stricter reader would not take.
package struct OpenSSLCertificate: Sendable {
    /// How many of the bytes are the certificate; the rest follows it and is none of it.
    package let length: Int
    package let subject: OpenSSLName
    package let issuer: OpenSSLName
    /// The INTEGER in DER.
    package let serialNumberDER: [UInt8]
    /// nil where OpenSSL cannot read the date either.
    package let notBefore: OpenSSLDate?
    /// nil where OpenSSL cannot read the date either.
    package let notAfter: OpenSSLDate?
    package let isCA: Bool
    package let signatureAlgorithm: ObjectIdentifier
    /// The SubjectPublicKeyInfo in DER.
    package let publicKeyDER: [UInt8]
    /// The GeneralNames of each subjectAltName, of which a lawful certificate has one at most.
    package let alternativeNamesDER: [[UInt8]]

    /// Lets OpenSSL read the certificate that `bytes` begin with.
    ///
    /// - Throws: `OpenSSLError`, which says why it is none.
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
            // Looking up an extension that is absent or odd leaves entries of no further use.
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
