/// A Name (RFC 5280 4.1.2.4) in its common form: one attribute in each relative name, and no wide strings.
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

    /// Accepts UTF8String, and PrintableString and IA5String that are ASCII.
    private static func requirePlain(_ value: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        switch value.tag {
        case 0x0C: return
        case 0x13, 0x16:
            guard value.content.allSatisfy({ bytes[$0] < 0x80 }) else { throw DERRefusal() }
        default: throw DERRefusal()
        }
    }

    /// Whether OpenSSL considers the names equal, by the comparison of RFC 5280 7.1.
    ///
    /// - Throws: `DERRefusal` when they differ only in case, white space or string types. OpenSSL must decide then.
    func isSame(as other: PlainName, in bytes: Span<UInt8>) throws(DERRefusal) -> Bool {
        if bytes.extracting(range).isEqual(to: bytes.extracting(other.range)) { return true }
        guard attributes.count == other.attributes.count else { return false }
        for (mine, theirs) in zip(attributes, other.attributes) {
            guard mine.type == theirs.type, Self.isAlike(mine.value, theirs.value, in: bytes) else { return false }
        }
        throw DERRefusal()
    }

    /// Whether two texts are equal apart from white space and the case of ASCII letters.
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

    /// Each commonName, in the order of the DER.
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
    /// Whether both contain the same bytes.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
