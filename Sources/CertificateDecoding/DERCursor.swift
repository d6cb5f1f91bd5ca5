/// Where one DER element lies in the bytes that it was read from. Offsets, because bytes are borrowed and not kept.
struct DERElement {
    /// The identifier octet, such as 0x30 for a SEQUENCE.
    let tag: UInt8
    /// Where the identifier octet stands.
    let start: Int
    let content: Range<Int>

    /// The whole element.
    var range: Range<Int> { start..<content.upperBound }
}

/// The bytes are not what a plain certificate has there. They may be lawful all the same: OpenSSL is asked next.
struct DERRefusal: Error {}

/// Steps through the elements of one constructed DER value (X.690), never beyond its end, whatever the bytes say.
///
/// Strict, because what it refuses is judged elsewhere: lengths are definite, in the shortest form and at most 4 octets,
/// tags have one octet.
struct DERCursor {
    private var position: Int
    private let end: Int

    /// A cursor over the elements in `range`.
    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// The identifier octet of the next element, without taking it.
    func peek(in bytes: Span<UInt8>) -> UInt8? {
        position < end ? bytes[position] : nil
    }

    /// Takes the next element.
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

    /// Takes the next element, which has to have this tag.
    mutating func next(_ tag: UInt8, in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        let element = try next(in: bytes)
        guard element.tag == tag else { throw DERRefusal() }
        return element
    }

    /// Takes the next element if it has this tag.
    mutating func nextIf(_ tag: UInt8, in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement? {
        peek(in: bytes) == tag ? try next(in: bytes) : nil
    }

    /// Takes the next element, which has to be an OBJECT IDENTIFIER of lawful form (X.690 8.19).
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

    /// Takes what is left, if anything: the parameters of an AlgorithmIdentifier, NULL, an identifier or a SEQUENCE in all
    /// but the oddest certificates.
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

    /// Takes the next element, which has to be an INTEGER in its shortest form (X.690 8.3).
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

    /// Takes the next element, which has to be a BIT STRING.
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
