import COpenSSL

/// A Name (RFC 5280 4.1.2.4) as OpenSSL parses it.
package struct OpenSSLName: Sendable {
    /// The DER of the name.
    package let der: [UInt8]
    /// OpenSSL's text: RFC 4514 except for the short names of some types, with the most specific relative name first.
    package let text: String

    init(_ name: OpaquePointer?) {
        der = OpenSSLDER.bytes(of: name, i2d_X509_NAME)
        text = Self.text(of: name)
    }

    /// Keeps UTF-8 unescaped. `X509_NAME_oneline` would lose the text after a NUL.
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
}

/// Encodes parts of a certificate or list as DER with OpenSSL.
enum OpenSSLDER {
    /// The output of `encode`, one of OpenSSL's `i2d` functions, for `part`. Empty when it fails.
    static func bytes<Part>(
        of part: Part?, _ encode: (Part?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = encode(part, &allocated)
        guard count > 0, let start = allocated else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
