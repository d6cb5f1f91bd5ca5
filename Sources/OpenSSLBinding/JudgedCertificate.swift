import COpenSSL

/// A certificate as OpenSSL reads it: the judgement on DER that a stricter reader would not take.
package struct JudgedCertificate: Sendable {
    /// A date as it stands in the certificate, in UTC, not yet checked to exist.
    package struct Date: Hashable, Sendable {
        package let year: Int
        package let month: Int
        package let day: Int
        package let hour: Int
        package let minute: Int
        package let second: Int
    }

    /// How many of the bytes are the certificate; the rest follows it and is none of it.
    package let length: Int
    /// RFC 4514, most specific attribute first.
    package let subject: String
    /// RFC 4514.
    package let issuer: String
    /// The Name in DER.
    package let subjectDER: [UInt8]
    /// The INTEGER in DER.
    package let serialNumberDER: [UInt8]
    /// nil where OpenSSL cannot read the date either.
    package let notBefore: Date?
    /// nil where OpenSSL cannot read the date either.
    package let notAfter: Date?
    package let isCA: Bool
    package let signatureAlgorithm: ObjectIdentifier
    /// The SubjectPublicKeyInfo in DER.
    package let publicKeyDER: [UInt8]
    /// The GeneralNames as the extension holds them; nil without the extension.
    package let alternativeNamesDER: [UInt8]?

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
        self.subject = Self.text(of: X509_get_subject_name(certificate))
        self.issuer = Self.text(of: X509_get_issuer_name(certificate))
        self.subjectDER = Self.der(of: X509_get_subject_name(certificate), i2d_X509_NAME)
        self.serialNumberDER = Self.der(of: X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER)
        self.notBefore = Self.date(X509_get0_notBefore(certificate))
        self.notAfter = Self.date(X509_get0_notAfter(certificate))
        self.isCA = Self.isCA(certificate)
        self.signatureAlgorithm = try Self.signatureAlgorithm(of: certificate)
        self.publicKeyDER = Self.der(of: X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY)
        self.alternativeNamesDER = Self.alternativeNames(of: certificate)
    }
}

extension JudgedCertificate {
    /// RFC 4514 with UTF-8 as it is. `X509_NAME_oneline` would lose what follows a NUL.
    private static func text(of name: OpaquePointer?) -> String {
        guard let name, let output = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(output) }
        let characters = ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT
        let values = ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER
        let order = XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN | XN_FLAG_DUMP_UNKNOWN_FIELDS
        X509_NAME_print_ex(output, name, 0, UInt(characters) | UInt(values) | UInt(order))
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while case let count = BIO_read(output, &chunk, Int32(chunk.count)), count > 0 {
            text += chunk.prefix(Int(count))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The DER that one of OpenSSL's `i2d` functions writes for a part of the certificate.
    private static func der<Part>(
        of part: Part?, _ encode: (Part?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = encode(part, &allocated)
        guard count > 0, let start = allocated else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// `ASN1_TIME_to_tm` reads forms at which `X509_cmp_time` fails; a null pointer would mean the present time.
    private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
        var fields = tm()
        guard let time, ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
        return Date(
            year: Int(fields.tm_year) + 1_900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday),
            hour: Int(fields.tm_hour), minute: Int(fields.tm_min), second: Int(fields.tm_sec))
    }

    private static func isCA(_ certificate: OpaquePointer) -> Bool {
        guard let found = X509_get_ext_d2i(certificate, NID_basic_constraints, nil, nil) else { return false }
        let constraints = found.assumingMemoryBound(to: BASIC_CONSTRAINTS.self)
        defer { BASIC_CONSTRAINTS_free(constraints) }
        return constraints.pointee.ca != 0
    }

    private static func signatureAlgorithm(of certificate: OpaquePointer) throws(OpenSSLError) -> ObjectIdentifier {
        var algorithm: UnsafePointer<X509_ALGOR>?
        var object: OpaquePointer?
        X509_get0_signature(nil, &algorithm, certificate)
        X509_ALGOR_get0(&object, nil, nil, algorithm)
        guard let object else { throw .drained(after: "X509_ALGOR_get0") }
        return ObjectIdentifier(object)
    }

    private static func alternativeNames(of certificate: OpaquePointer) -> [UInt8]? {
        let index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
        guard
            index >= 0, let value = X509_EXTENSION_get_data(X509_get_ext(certificate, index)),
            let start = ASN1_STRING_get0_data(value)
        else { return nil }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value))))
    }
}
