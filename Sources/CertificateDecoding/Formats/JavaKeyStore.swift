/// A key store of Java's own formats, JKS and JCEKS: what lies in it, as far as no password is needed.
///
/// The formats are written down in OpenJDK's `JavaKeyStore` and `JceKeyStore` alone: big-endian, a count of entries, then
/// each entry with its alias, its date, and its certificates in DER; at the end a digest over all of it and the password.
struct JavaKeyStore {
    /// The store ends before its entries do, or something in it is not what it should be.
    struct Damage: Error {}

    private enum Magic {
        static let jks: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
        static let jceks: [UInt8] = [0xCE, 0xCE, 0xCE, 0xCE]
    }

    /// The length of the SHA-1 at the end.
    static let digestLength = 20

    private var position = 0
    private var version = 0
    private(set) var entriesLeft = 0

    /// Whether `bytes` begin as such a store does.
    static func opens(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 12 else { return false }
        let magic = bytes.bytes(0..<4)
        return magic == Magic.jks || magic == Magic.jceks
    }

    /// Reads the head.
    init(_ bytes: Span<UInt8>) throws(Damage) {
        position = 4
        version = try Int(number(in: bytes))
        guard (1...2).contains(version) else { throw Damage() }
        entriesLeft = try Int(number(in: bytes))
    }

    /// The certificates of the next entry: one that is trusted, or the chain of a key.
    mutating func nextEntry(in bytes: Span<UInt8>) throws(Damage) -> [Range<Int>] {
        entriesLeft -= 1
        let kind = try number(in: bytes)
        try skipText(in: bytes)
        try skip(8, in: bytes)
        switch kind {
        case 1:
            try skip(Int(number(in: bytes)), in: bytes)
            var chain: [Range<Int>] = []
            for _ in 0..<(try number(in: bytes)) { chain.append(try certificate(in: bytes)) }
            return chain
        case 2:
            return [try certificate(in: bytes)]
        case 3:
            // A secret key is a serialised Java object without a length: the next entry is found by its certificate.
            return try certificatesBehindSecretKey(in: bytes)
        default:
            throw Damage()
        }
    }

    /// Whether all entries are followed by the digest, and by nothing else.
    func isComplete(in bytes: Span<UInt8>) -> Bool {
        entriesLeft == 0 && bytes.count - position == Self.digestLength
    }

    /// Entries behind a secret key lose their order with it; that each certificate follows its type's name is enough.
    private mutating func certificatesBehindSecretKey(in bytes: Span<UInt8>) throws(Damage) -> [Range<Int>] {
        var certificates: [Range<Int>] = []
        entriesLeft = 0
        while version == 2, let type = bytes.firstIndex(of: Self.certificateType, from: position) {
            position = type
            guard let found = try? certificate(in: bytes) else {
                position = type + 1
                continue
            }
            certificates.append(found)
        }
        position = bytes.count - Self.digestLength
        return certificates
    }

    /// `X.509`, with its length before it, as Java writes a text.
    private static let certificateType: StaticString = "\u{00}\u{05}X.509"

    private mutating func certificate(in bytes: Span<UInt8>) throws(Damage) -> Range<Int> {
        if version == 2 { try skipText(in: bytes) }
        let length = try Int(number(in: bytes))
        let start = position
        try skip(length, in: bytes)
        return start..<position
    }

    private mutating func skipText(in bytes: Span<UInt8>) throws(Damage) {
        guard bytes.count - position >= 2 else { throw Damage() }
        let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        position += 2
        try skip(length, in: bytes)
    }

    private mutating func number(in bytes: Span<UInt8>) throws(Damage) -> UInt32 {
        guard bytes.count - position >= 4 else { throw Damage() }
        let start = position
        position += 4
        return (start..<position).reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
    }

    private mutating func skip(_ length: Int, in bytes: Span<UInt8>) throws(Damage) {
        guard length <= bytes.count - position else { throw Damage() }
        position += length
    }
}
