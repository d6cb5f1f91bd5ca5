/// Encodes DER (X.690), one element at a time. It does not validate contents, since tests need invalid ones as well.
package enum DERWriter {
    /// Any element: a tag octet, the shortest length and the content.
    package static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// A SEQUENCE of elements.
    package static func sequence(_ elements: [[UInt8]]) -> [UInt8] {
        element(0x30, Array(elements.joined()))
    }

    /// A SET of elements, in the given order.
    package static func set(_ elements: [[UInt8]]) -> [UInt8] {
        element(0x31, Array(elements.joined()))
    }

    /// A constructed element with the context-specific tag `[number]`.
    package static func context(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        element(0xA0 | number, content)
    }

    /// An INTEGER with exactly these content octets.
    package static func integer(octets: [UInt8]) -> [UInt8] {
        element(0x02, octets)
    }

    /// An OBJECT IDENTIFIER from its dotted form.
    package static func objectIdentifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { UInt64($0) }
        precondition(arcs.count >= 2, "\(dotted) is no object identifier")
        return element(0x06, base128(arcs[0] * 40 + arcs[1]) + arcs.dropFirst(2).flatMap(base128))
    }

    /// A BIT STRING without unused bits.
    package static func bitString(_ bytes: [UInt8]) -> [UInt8] {
        element(0x03, [0] + bytes)
    }

    /// An OCTET STRING.
    package static func octetString(_ bytes: [UInt8]) -> [UInt8] {
        element(0x04, bytes)
    }

    /// BOOLEAN TRUE.
    package static let `true`: [UInt8] = [0x01, 0x01, 0xFF]

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var octets: [UInt8] = []
        var rest = count
        while rest > 0 {
            octets.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(octets.count)] + octets
    }

    private static func base128(_ arc: UInt64) -> [UInt8] {
        var octets = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            octets.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return octets
    }
}
