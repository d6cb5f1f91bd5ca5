/// The position of a DER element in the bytes that it was parsed from. It contains offsets only, since the bytes are
/// borrowed.
struct DERElement {
    /// The identifier octet, such as 0x30 for a SEQUENCE.
    let tag: UInt8
    /// The offset of the identifier octet.
    let start: Int
    let content: Range<Int>

    /// The range of the whole element.
    var range: Range<Int> { start..<content.upperBound }
}

/// The bytes are not those of a plain certificate. They may still be valid, so OpenSSL parses them next.
struct DERRefusal: Error {}

/// Steps through the elements of one constructed DER value (X.690) and never reads beyond its end.
///
/// It is strict, since OpenSSL parses what it refuses: lengths must be definite, in the shortest form and at most 4
/// octets, and tags must have one octet.
struct DERCursor {
    private var position: Int
    private let end: Int

    /// A cursor over the elements in `range`.
    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// The identifier octet of the next element, without consuming it.
    func peek(in bytes: Span<UInt8>) -> UInt8? {
        position < end ? bytes[position] : nil
    }

    /// Consumes the next element.
    mutating func next(in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        guard end - position >= 2 else { throw DERRefusal() }
        let tag = bytes[position]
        guard tag & 0x1F != 0x1F else { throw DERRefusal() }
        var length = Int(bytes[position + 1])
        var start = position + 2
        if length >= 0x80 {
            let octets = length & 0x7F
            guard (1...4).contains(octets), octets <= end - start else { throw DERRefusal() }
            length = 0
            for index in start..<(start + octets) {
                length = length << 8 | Int(bytes[index])
            }
            start += octets
            guard length >= 0x80, length >> (8 * (octets - 1)) > 0 else { throw DERRefusal() }
        }
        guard length <= end - start else { throw DERRefusal() }
        let element = DERElement(tag: tag, start: position, content: start..<(start + length))
        position = element.content.upperBound
        return element
    }

    /// Consumes the next element, which must have this tag.
    mutating func next(_ tag: UInt8, in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        let element = try next(in: bytes)
        guard element.tag == tag else { throw DERRefusal() }
        return element
    }

    /// Consumes the next element if it has this tag.
    mutating func nextIf(_ tag: UInt8, in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement? {
        peek(in: bytes) == tag ? try next(in: bytes) : nil
    }

    /// Consumes the next element, which must be a valid OBJECT IDENTIFIER (X.690 8.19).
    mutating func nextObjectIdentifier(in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        let element = try next(0x06, in: bytes)
        var startsArc = true
        for index in element.content {
            guard !(startsArc && bytes[index] == 0x80) else { throw DERRefusal() }
            startsArc = bytes[index] < 0x80
        }
        guard !element.content.isEmpty, startsArc else { throw DERRefusal() }
        return element
    }

    /// Consumes the rest, if any, as the parameters of an AlgorithmIdentifier. In nearly all certificates they are
    /// NULL, an identifier or a SEQUENCE.
    mutating func finishWithParameters(in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement? {
        guard let tag = peek(in: bytes) else { return nil }
        let parameters: DERElement
        switch tag {
        case 0x05:
            parameters = try next(in: bytes)
            guard parameters.content.isEmpty else { throw DERRefusal() }
        case 0x06: parameters = try nextObjectIdentifier(in: bytes)
        default: parameters = try next(0x30, in: bytes)
        }
        try finish()
        return parameters
    }

    /// Consumes the next element, which must be an INTEGER in its shortest form (X.690 8.3).
    mutating func nextInteger(in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        let element = try next(0x02, in: bytes)
        guard let first = element.content.first else { throw DERRefusal() }
        if element.content.count > 1 {
            let isSecondNegative = bytes[first + 1] >= 0x80
            guard !(bytes[first] == 0x00 && !isSecondNegative), !(bytes[first] == 0xFF && isSecondNegative) else {
                throw DERRefusal()
            }
        }
        return element
    }

    /// Consumes the next element, which must be a BIT STRING.
    mutating func nextBitString(in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        let element = try next(0x03, in: bytes)
        guard let first = element.content.first, bytes[first] <= 7 else { throw DERRefusal() }
        return element
    }

    /// Requires that nothing is left.
    func finish() throws(DERRefusal) {
        guard isAtEnd else { throw DERRefusal() }
    }
}
