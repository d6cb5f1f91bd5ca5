import COpenSSL

/// An OBJECT IDENTIFIER with its name in OpenSSL.
package struct ObjectIdentifier: Hashable, Sendable {
    /// `1.2.840.10045.4.3.2`
    package let dotted: String
    /// OpenSSL's long name, such as `ecdsa-with-SHA256`. nil when it has none.
    package let name: String?

    /// Parses the content octets of an OBJECT IDENTIFIER.
    ///
    /// - Returns: nil when they violate X.690 8.19.
    package init?(content: [UInt8]) {
        guard content.count < 0x80 else { return nil }
        let der = [0x06, UInt8(content.count)] + content
        OpenSSLError.clear()
        let object = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_ASN1_OBJECT(nil, &position, buffer.count)
        }
        guard let object else {
            OpenSSLError.clear()
            return nil
        }
        defer { ASN1_OBJECT_free(object) }
        self.init(object)
    }

    init(_ object: OpaquePointer) {
        dotted = Self.dottedText(of: object)
        let number = OBJ_obj2nid(object)
        name = number == NID_undef ? nil : OBJ_nid2ln(number).map { String(cString: $0) }
    }

    private static func dottedText(of object: OpaquePointer) -> String {
        let length = OBJ_obj2txt(nil, 0, object, 1)
        guard length > 0 else { return "" }
        var text = [CChar](repeating: 0, count: Int(length) + 1)
        OBJ_obj2txt(&text, Int32(text.count), object, 1)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
