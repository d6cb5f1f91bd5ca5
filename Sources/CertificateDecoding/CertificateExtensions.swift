/// The extensions of a certificate (RFC 5280 4.2) that `Certificate` needs.
struct CertificateExtensions {
    /// The `cA` flag of basicConstraints.
    var isCA: Bool { authority ?? false }
    /// The `cA` flag. nil without basicConstraints.
    var authority: Bool?
    /// The range of the GeneralNames of subjectAltName.
    var alternativeNames: Range<Int>?
    /// The range of the KeyPurposeIds of extendedKeyUsage.
    var extendedKeyUsage: Range<Int>?
}

extension CertificateReader {
    /// Parses the extensions at the end of `fields`. Certificates with unique identifiers, which are not used in
    /// practice, are left to OpenSSL.
    func extensions(
        _ fields: inout DERCursor, version: Int, in bytes: Span<UInt8>
    ) throws(DERRefusal) -> CertificateExtensions {
        var found = CertificateExtensions()
        guard let tagged = try fields.nextIf(0xA3, in: bytes) else { return found }
        guard version == 3 else { throw DERRefusal() }
        var outer = DERCursor(tagged.content)
        var list = DERCursor(try outer.next(0x30, in: bytes).content)
        try outer.finish()
        while !list.isAtEnd {
            var fields = DERCursor(try list.next(0x30, in: bytes).content)
            let identifier = try fields.nextObjectIdentifier(in: bytes)
            if let criticality = try fields.nextIf(0x01, in: bytes) {
                guard criticality.content.count == 1, bytes[criticality.content.lowerBound] == 0xFF else {
                    throw DERRefusal()
                }
            }
            let value = try fields.next(0x04, in: bytes)
            try fields.finish()
            try take(identifier, value.content, of: bytes, into: &found)
        }
        return found
    }

    private func take(
        _ identifier: DERElement, _ value: Range<Int>, of bytes: Span<UInt8>, into found: inout CertificateExtensions
    ) throws(DERRefusal) {
        let arc = identifier.content
        guard arc.count == 3, bytes[arc.lowerBound] == 0x55, bytes[arc.lowerBound + 1] == 0x1D else { return }
        switch bytes[arc.lowerBound + 2] {
        case 17:
            // RFC 5280 4.2 allows each extension once. Of two, OpenSSL decides which one counts.
            guard found.alternativeNames == nil else { throw DERRefusal() }
            found.alternativeNames = value
        case 19:
            guard found.authority == nil else { throw DERRefusal() }
            found.authority = try isCA(value, of: bytes)
        case 37:
            guard found.extendedKeyUsage == nil else { throw DERRefusal() }
            found.extendedKeyUsage = value
        default:
            break
        }
    }

    /// BasicConstraints: `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`
    private func isCA(_ value: Range<Int>, of bytes: Span<UInt8>) throws(DERRefusal) -> Bool {
        var outer = DERCursor(value)
        var fields = DERCursor(try outer.next(0x30, in: bytes).content)
        try outer.finish()
        let flag = try fields.nextIf(0x01, in: bytes)
        if let flag, flag.content.count != 1 || bytes[flag.content.lowerBound] != 0xFF { throw DERRefusal() }
        if !fields.isAtEnd { _ = try fields.nextInteger(in: bytes) }
        try fields.finish()
        return flag != nil
    }
}
