import Certificates
import OpenSSLBinding

/// Formats a Name (RFC 5280 4.1.2.4) as RFC 4514 text, with the most specific relative name first.
package struct DistinguishedName {
    private var text: [UInt8] = []

    /// Formats the DER of a name, for example of a CA that a TLS server names (RFC 8446 4.2.4).
    ///
    /// - Returns: the text, which has no control characters but is still untrusted. nil for an invalid name.
    package static func text(der: [UInt8]) -> String? {
        let bytes = der.span
        do throws(DERRefusal) {
            var cursor = DERCursor(0..<der.count)
            return try text(of: cursor.next(0x30, in: bytes), in: bytes)
        } catch {
            return nil
        }
    }

    /// Formats the name in `element`, a SEQUENCE.
    ///
    /// - Returns: the text, which has no control characters but is still untrusted.
    static func text(of element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> String {
        var relativeNames: [Range<Int>] = []
        relativeNames.reserveCapacity(8)
        var cursor = DERCursor(element.content)
        while !cursor.isAtEnd {
            relativeNames.append(try cursor.next(0x31, in: bytes).content)
        }
        var name = DistinguishedName()
        name.text.reserveCapacity(element.content.count)
        for relativeName in relativeNames.reversed() {
            try name.append(relativeName: relativeName, in: bytes)
        }
        // One check covers all attributes: the separators are ASCII, so invalid UTF-8 of two attributes cannot combine
        // to valid UTF-8.
        guard let text = String(validating: name.text, as: UTF8.self) else { throw DERRefusal() }
        return text
    }

    private mutating func append(relativeName: Range<Int>, in bytes: Span<UInt8>) throws(DERRefusal) {
        guard !relativeName.isEmpty else { throw DERRefusal() }
        if !text.isEmpty { text.append(UInt8(ascii: ",")) }
        var cursor = DERCursor(relativeName)
        var isFirst = true
        while !cursor.isAtEnd {
            if !isFirst { text.append(UInt8(ascii: "+")) }
            isFirst = false
            var attribute = DERCursor(try cursor.next(0x30, in: bytes).content)
            let type = try attribute.nextObjectIdentifier(in: bytes)
            let value = try attribute.next(in: bytes)
            try attribute.finish()
            try append(type: type, string: value, in: bytes)
        }
    }

    private mutating func append(
        type: DERElement, string: DERElement, in bytes: Span<UInt8>
    ) throws(DERRefusal) {
        guard let name = AttributeType.shortName(type.content, in: bytes) else {
            // RFC 4514 2.4: after a dotted type, the value is its encoding in hexadecimal. It must still be a valid
            // string.
            var value = DistinguishedName()
            try value.append(string: string, in: bytes)
            guard
                String(validating: value.text, as: UTF8.self) != nil,
                let type = ObjectIdentifier(content: bytes.bytes(type.content))
            else { throw DERRefusal() }
            text += "\(type.dotted)=#\(bytes.bytes(string.range).hexadecimal)".utf8
            return
        }
        text.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        text.append(UInt8(ascii: "="))
        let start = text.count
        try append(string: string, in: bytes)
        escapeEnds(from: start)
    }

    /// Appends the characters of a string of any type that names may have (RFC 5280 4.1.2.4 and earlier standards).
    private mutating func append(string: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        let content = string.content
        switch string.tag {
        case 0x0C:  // UTF8String
            append(characters: bytes.extracting(content))
        case 0x12, 0x13, 0x14, 0x16:
            // NumericString, PrintableString, T61String and IA5String, all read as Latin-1, as OpenSSL does.
            let characters = bytes.extracting(content)
            if characters.indices.allSatisfy({ characters[$0] < 0x80 }) {
                append(characters: characters)
            } else {
                for index in content { append(scalar: Unicode.Scalar(bytes[index])) }
            }
        case 0x1E:  // BMPString
            try append(wideString: content, width: 2, in: bytes)
        case 0x1C:  // UniversalString
            try append(wideString: content, width: 4, in: bytes)
        default:
            throw DERRefusal()
        }
    }

    private mutating func append(wideString: Range<Int>, width: Int, in bytes: Span<UInt8>) throws(DERRefusal) {
        guard wideString.count.isMultiple(of: width) else { throw DERRefusal() }
        for start in stride(from: wideString.lowerBound, to: wideString.upperBound, by: width) {
            var value: UInt32 = 0
            for index in start..<(start + width) {
                value = value << 8 | UInt32(bytes[index])
            }
            guard let scalar = Unicode.Scalar(value) else { throw DERRefusal() }
            append(scalar: scalar)
        }
    }

    /// Appends UTF-8, in one step if no character needs an escape.
    private mutating func append(characters: Span<UInt8>) {
        guard characters.indices.contains(where: { Self.needsEscape[Int(characters[$0])] }) else {
            characters.withUnsafeBufferPointer { text.append(contentsOf: $0) }
            return
        }
        for index in characters.indices { append(byte: characters[index]) }
    }

    private mutating func append(scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(byte: UInt8(scalar.value))
        } else {
            text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }

    /// Escapes as RFC 4514 2.4 requires, and also control characters, which it permits.
    private mutating func append(byte: UInt8) {
        if !Self.needsEscape[Int(byte)] {
            text.append(byte)
        } else if byte < 0x20 || byte == 0x7F {
            text += "\\\([byte].hexadecimal.uppercased())".utf8
        } else {
            text.append(UInt8(ascii: "\\"))
            text.append(byte)
        }
    }

    private static let needsEscape: [Bool] = (0...255).map { (byte: UInt8) in
        byte < 0x20 || byte == 0x7F || "\"+,;<>\\".utf8.contains(byte)
    }

    /// Escapes a leading space or `#` and a trailing space of the value that begins at `start`.
    private mutating func escapeEnds(from start: Int) {
        guard start < text.count else { return }
        let isSingle = text.count == start + 1
        if text[start] == UInt8(ascii: " ") || text[start] == UInt8(ascii: "#") {
            text.insert(UInt8(ascii: "\\"), at: start)
        }
        if !isSingle, text[text.count - 1] == UInt8(ascii: " ") {
            text.insert(UInt8(ascii: "\\"), at: text.count - 1)
        }
    }
}

/// Caches the text of the previous certificate's issuer. Most certificates of one place have the same issuer, so they
/// share one text, which saves time and memory.
final class IssuerMemo {
    private var encoding: [UInt8] = []
    private var text = ""

    /// The text of the name in `element`.
    func text(of element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> String {
        let name = bytes.extracting(element.range)
        let isEqual = name.count == encoding.count && encoding.indices.allSatisfy { encoding[$0] == name[$0] }
        guard !isEqual else { return text }
        text = try DistinguishedName.text(of: element, in: bytes)
        encoding = bytes.bytes(element.range)
        return text
    }
}
