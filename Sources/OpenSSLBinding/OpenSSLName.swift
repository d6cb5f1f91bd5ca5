import COpenSSL

/// Names as OpenSSL writes them.
enum OpenSSLName {
    /// RFC 4514 with UTF-8 as it is. `X509_NAME_oneline` would lose what follows a NUL.
    static func text(of name: OpaquePointer?) -> String {
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
        return String(decoding: withLowerCaseHexadecimal(text), as: UTF8.self)
    }

    /// Values of dotted types are hexadecimal (RFC 4514 2.4), which our own reader writes in lower case: a certificate that it
    /// reads and a list that OpenSSL reads shall have one text for one issuer.
    private static func withLowerCaseHexadecimal(_ text: [UInt8]) -> [UInt8] {
        var text = text
        var index = 0
        while index < text.count {
            let isDotted = (0x30...0x39).contains(text[index])
            index = text[index...].firstIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? text.count
            let isHexadecimal = isDotted && index < text.count && text[index] == UInt8(ascii: "#")
            while index < text.count, text[index] != UInt8(ascii: ","), text[index] != UInt8(ascii: "+") {
                if text[index] == UInt8(ascii: "\\") { index += 1 }
                if isHexadecimal, index < text.count, (0x41...0x46).contains(text[index]) { text[index] |= 0x20 }
                index += 1
            }
            index += 1
        }
        return text
    }
}

/// Parts of a certificate or list in the DER that OpenSSL writes for them.
enum OpenSSLDER {
    /// What `encode`, one of OpenSSL's `i2d` functions, writes for `part`; empty if it cannot.
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
