/// A key store in Java's own formats, JKS and JCEKS, as far as it can be read without a password.
///
/// The formats are documented only by OpenJDK's `JavaKeyStore` and `JceKeyStore`: big-endian, with a count of entries,
/// then for each entry its alias, date and certificates in DER, and finally a digest of everything and the password.
struct JavaKeyStore {
    /// The store ends before its last entry, or contains invalid data.
    struct Damage: Error {}

    private enum Magic {
        static let jks: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
        static let jceks: [UInt8] = [0xCE, 0xCE, 0xCE, 0xCE]
    }

    /// The length of the final SHA-1.
    static let digestLength = 20

    private var position = 0
    private var version = 0
    private(set) var entriesLeft = 0

    /// Whether `bytes` begin like such a store.
    static func opens(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 12 else { return false }
        let magic = bytes.bytes(0..<4)
        return magic == Magic.jks || magic == Magic.jceks
    }

    /// Parses the header.
    init(_ bytes: Span<UInt8>) throws(Damage) {
        position = 4
        version = try Int(number(in: bytes))
        guard (1...2).contains(version) else { throw Damage() }
        entriesLeft = try Int(number(in: bytes))
    }

    /// The certificates of the next entry: a trusted one, or the chain of a key.
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
            // A secret key is a serialised Java object without a length. The following entries are found by their
            // certificates.
            return try certificatesBehindSecretKey(in: bytes)
        default:
            throw Damage()
        }
    }

    /// Whether only the digest follows the last entry.
    func isComplete(in bytes: Span<UInt8>) -> Bool {
        entriesLeft == 0 && bytes.count - position == Self.digestLength
    }

    /// The certificates of all entries after a secret key. The boundaries of these entries are unknown, so the name of
    /// the certificate type is searched, which precedes each certificate.
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

    /// `X.509` with its length prefix, as Java encodes text.
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
