import Certificates

/// Formats the kind and size of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7), such as `RSA 2048`.
struct PublicKeyText {
    let algorithms: AlgorithmNames

    /// Parses the SEQUENCE `element`. For a malformed key it still returns the name of the algorithm.
    func text(of element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> String {
        var cursor = DERCursor(element.content)
        var algorithm = DERCursor(try cursor.next(0x30, in: bytes).content)
        let key = try cursor.nextBitString(in: bytes)
        // Keys consist of whole octets. OpenSSL clears unused bits, and would read another key than the bytes contain.
        guard bytes[key.content.lowerBound] == 0 else { throw DERRefusal() }
        try cursor.finish()
        let identifier = bytes.bytes(try algorithm.nextObjectIdentifier(in: bytes).content)
        let parameters = try algorithm.finishWithParameters(in: bytes)
        switch identifier {
        case Self.rsa: return sized("RSA", modulusBits(of: key, in: bytes))
        case Self.rsaPSS: return sized("RSA-PSS", modulusBits(of: key, in: bytes))
        case Self.dsa: return sized("DSA", parameters.flatMap { firstIntegerBits(in: $0.content, of: bytes) })
        case Self.ellipticCurve: return curve(parameters, in: bytes)
        case Self.ed25519: return "Ed25519"
        case Self.ed448: return "Ed448"
        default: return algorithms.name(identifier)
        }
    }

    private static let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    private static let rsaPSS: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]
    private static let dsa: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01]
    private static let ellipticCurve: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    private static let ed25519: [UInt8] = [0x2B, 0x65, 0x70]
    private static let ed448: [UInt8] = [0x2B, 0x65, 0x71]
    private static let p256: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    private static let p384: [UInt8] = [0x2B, 0x81, 0x04, 0x00, 0x22]
    private static let p521: [UInt8] = [0x2B, 0x81, 0x04, 0x00, 0x23]

    private func sized(_ kind: String, _ bits: Int?) -> String {
        bits.map { "\(kind) \($0)" } ?? kind
    }

    private func curve(_ parameters: DERElement?, in bytes: Span<UInt8>) -> String {
        // Without a named curve the key contains explicit parameters (RFC 3279), which have no name.
        guard let parameters, parameters.tag == 0x06 else { return "EC" }
        switch bytes.bytes(parameters.content) {
        case Self.p256: return "EC P-256"
        case Self.p384: return "EC P-384"
        case Self.p521: return "EC P-521"
        case let other: return "EC " + algorithms.name(other)
        }
    }

    /// RSAPublicKey (RFC 8017 A.1.1) is a SEQUENCE in the BIT STRING. It begins with the modulus.
    private func modulusBits(of key: DERElement, in bytes: Span<UInt8>) -> Int? {
        var cursor = DERCursor(key.content.dropFirst())
        // A malformed key has no size. The certificate is listed without it.
        guard let sequence = try? cursor.next(0x30, in: bytes) else { return nil }
        return firstIntegerBits(in: sequence.content, of: bytes)
    }

    private func firstIntegerBits(in range: Range<Int>, of bytes: Span<UInt8>) -> Int? {
        var cursor = DERCursor(range)
        // As above, a missing size does not make the certificate unreadable.
        guard let integer = try? cursor.nextInteger(in: bytes) else { return nil }
        guard let first = integer.content.first(where: { bytes[$0] != 0 }) else { return 0 }
        return (integer.content.upperBound - first) * 8 - bytes[first].leadingZeroBitCount
    }
}
