/// A Name (RFC 5280 4.1.2.4) in the form of nearly all: one attribute in each relative name, and text without wide characters.
struct PlainName {
    private struct Attribute {
        let type: UInt128
        let tag: UInt8
        let value: Range<Int>
    }

    private let range: Range<Int>
    private let attributes: [Attribute]

    init(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        range = element.range
        var attributes: [Attribute] = []
        attributes.reserveCapacity(8)
        var names = DERCursor(element.content)
        while !names.isAtEnd {
            var set = DERCursor(try names.next(0x31, in: bytes).content)
            var fields = DERCursor(try set.next(0x30, in: bytes).content)
            try set.finish()
            let type = bytes.packed(try fields.nextObjectIdentifier(in: bytes).content)
            let value = try fields.next(in: bytes)
            try fields.finish()
            try Self.requirePlain(value, in: bytes)
            guard type != 0 else { throw DERRefusal() }
            attributes.append(Attribute(type: type, tag: value.tag, value: value.content))
        }
        self.attributes = attributes
    }

    /// UTF8String; PrintableString and IA5String of ASCII.
    private static func requirePlain(_ value: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        switch value.tag {
        case 0x0C: return
        case 0x13, 0x16:
            guard value.content.allSatisfy({ bytes[$0] < 0x80 }) else { throw DERRefusal() }
        default: throw DERRefusal()
        }
    }

    /// Whether OpenSSL takes the two for the same name, as RFC 5280 7.1 compares them.
    ///
    /// - Throws: `DERRefusal` where they are alike but for case, white space or the type of string, on which it has the last word.
    func isSame(as other: PlainName, in bytes: Span<UInt8>) throws(DERRefusal) -> Bool {
        if bytes.extracting(range).isEqual(to: bytes.extracting(other.range)) { return true }
        guard attributes.count == other.attributes.count else { return false }
        for (mine, theirs) in zip(attributes, other.attributes) {
            guard mine.type == theirs.type, Self.isAlike(mine.value, theirs.value, in: bytes) else { return false }
        }
        throw DERRefusal()
    }

    /// Whether two texts are the same but for white space and the case of ASCII letters.
    private static func isAlike(_ left: Range<Int>, _ right: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var (left, right) = (left, right)
        while true {
            let (first, second) = (nextFolded(&left, in: bytes), nextFolded(&right, in: bytes))
            guard first == second else { return false }
            if first == nil { return true }
        }
    }

    private static func nextFolded(_ range: inout Range<Int>, in bytes: Span<UInt8>) -> UInt8? {
        while let index = range.first {
            range = range.dropFirst()
            switch bytes[index] {
            case 0x09...0x0D, 0x20: continue
            case let letter where (0x41...0x5A).contains(letter): return letter | 0x20
            case let other: return other
            }
        }
        return nil
    }

    /// Every commonName, in the DER's order.
    func commonNames(in bytes: Span<UInt8>) throws(DERRefusal) -> [String] {
        var names: [String] = []
        for attribute in attributes where attribute.type == 0x55_04_03 {
            let value = bytes.extracting(attribute.value)
            let text = value.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
            guard let text else { throw DERRefusal() }
            names.append(text)
        }
        return names
    }
}

extension Span where Element == UInt8 {
    /// Whether both hold the same bytes.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
