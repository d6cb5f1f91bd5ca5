/// The name of a CA as a TLS server sends it (RFC 8446 4.2.4).
package enum AuthorityName {
    /// A Name in DER as text by RFC 4514; hostile. nil for what is none.
    package static func text(der: [UInt8]) -> String? {
        let bytes = der.span
        do throws(DERRefusal) {
            var cursor = DERCursor(0..<der.count)
            return try DistinguishedName.text(of: cursor.next(0x30, in: bytes), in: bytes)
        } catch {
            return nil
        }
    }
}
