/// The work that an encryption requires before its passphrase is known to be correct.
///
/// The creator of the file chooses it: a count of 2,147,483,647 in a file of 3 KB takes minutes.
struct PasswordCost {
    /// The number of digest iterations. For scrypt, the number of block mixes.
    let iterations: Int

    /// Parses an AlgorithmIdentifier of PKCS #12 (RFC 7292 appendix C) or PKCS #5 (RFC 8018 appendix A).
    init(ofAlgorithm der: Span<UInt8>) throws(DERRefusal) {
        var outer = DERCursor(0..<der.count)
        var fields = DERCursor(try outer.next(0x30, in: der).content)
        let identifier = der.bytes(try fields.nextObjectIdentifier(in: der).content)
        var parameters = DERCursor(try fields.next(0x30, in: der).content)
        guard identifier == Self.pbes2 else {
            // SEQUENCE { salt OCTET STRING, iterations INTEGER } in all schemes before PBES2.
            _ = try parameters.next(0x04, in: der)
            iterations = try Self.count(parameters.nextInteger(in: der), in: der)
            return
        }
        var derivation = DERCursor(try parameters.next(0x30, in: der).content)
        let function = der.bytes(try derivation.nextObjectIdentifier(in: der).content)
        var costs = DERCursor(try derivation.next(0x30, in: der).content)
        _ = try costs.next(in: der)
        let first = try Self.count(costs.nextInteger(in: der), in: der)
        guard function == Self.scrypt else {
            iterations = first
            return
        }
        // RFC 7914: the work is the product of N, r and p.
        let (blocks, isTooLarge) = try first.multipliedReportingOverflow(
            by: Self.count(costs.nextInteger(in: der), in: der))
        let (all, isStillTooLarge) = try blocks.multipliedReportingOverflow(
            by: Self.count(costs.nextInteger(in: der), in: der))
        iterations = isTooLarge || isStillTooLarge ? .max : all
    }

    /// 1.2.840.113549.1.5.13
    private static let pbes2: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D]
    /// 1.3.6.1.4.1.11591.4.11
    private static let scrypt: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B]

    private static func count(_ integer: DERElement, in der: Span<UInt8>) throws(DERRefusal) -> Int {
        guard integer.content.count <= 8, der[integer.content.lowerBound] < 0x80 else { return .max }
        return integer.content.reduce(0) { $0 << 8 | Int(der[$1]) }
    }
}
