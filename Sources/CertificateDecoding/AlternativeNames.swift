import Certificates
import Glibc

/// The GeneralNames of a subjectAltName extension (RFC 5280 4.2.1.6) as text, each with its kind before a colon.
enum AlternativeNames {
    /// Parses the SEQUENCE in `range`.
    static func texts(in range: Range<Int>, of bytes: Span<UInt8>) throws(DERRefusal) -> [String] {
        var outer = DERCursor(range)
        var names = DERCursor(try outer.next(0x30, in: bytes).content)
        try outer.finish()
        var texts: [String] = []
        while !names.isAtEnd {
            texts.append(try text(of: try names.next(in: bytes), in: bytes))
        }
        return texts
    }

    private static func text(of name: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> String {
        switch name.tag {
        case 0x81: return "email:" + characters(name, in: bytes)
        case 0x82: return "DNS:" + characters(name, in: bytes)
        case 0x86: return "URI:" + characters(name, in: bytes)
        case 0x87: return "IP:" + address(bytes.bytes(name.content))
        case 0x88: return "RID:" + ObjectIdentifierText.dotted(bytes.bytes(name.content))
        case 0xA4:
            var directoryName = DERCursor(name.content)
            return "DirName:" + (try DistinguishedName.text(of: try directoryName.next(0x30, in: bytes), in: bytes))
        case 0xA0:
            var otherName = DERCursor(name.content)
            let type = try otherName.nextObjectIdentifier(in: bytes)
            return "otherName:" + ObjectIdentifierText.dotted(bytes.bytes(type.content))
        default:
            return "[\(name.tag & 0x1F)]:#" + bytes.bytes(name.content).hexadecimal
        }
    }

    /// The text of an IA5String. Bytes that are not UTF-8 become U+FFFD.
    private static func characters(_ name: DERElement, in bytes: Span<UInt8>) -> String {
        String(decoding: bytes.bytes(name.content), as: UTF8.self)
    }

    /// `10.0.0.1`, `2001:db8::1`, or hexadecimal for octets that are neither 4 nor 16.
    private static func address(_ octets: [UInt8]) -> String {
        let family: Int32
        switch octets.count {
        case 4: family = AF_INET
        case 16: family = AF_INET6
        default: return "#" + octets.hexadecimal
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, octets, &text, socklen_t(text.count)) != nil else { return "#" + octets.hexadecimal }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
