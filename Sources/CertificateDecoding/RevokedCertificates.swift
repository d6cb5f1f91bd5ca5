import Certificates

/// The entries of a revocation list, one at a time. Memory use does not depend on their number.
///
///     var revoked = try RevokedCertificates(of: der.span)
///     while let entry = try revoked.next(in: der.span) { … }
package struct RevokedCertificates {
    private var cursor: DERCursor

    /// Opens the list at the start of `der`.
    ///
    /// - Throws: an error when it is not a revocation list.
    package init(of der: Span<UInt8>) throws {
        self.init(try RevocationListReader.Fields(der).entries)
    }

    /// A list without entries revokes nothing.
    init(_ list: DERElement?) {
        cursor = DERCursor(list?.content ?? 0..<0)
    }

    /// The next entry of the same list. nil after the last.
    ///
    /// - Throws: an error when the list is malformed.
    package mutating func next(in der: Span<UInt8>) throws -> RevocationList.Entry? {
        guard var fields = try nextFields(in: der) else { return nil }
        let serialNumber = try fields.next(0x02, in: der)
        let date = try fields.next(in: der)
        let extensions = try fields.nextIf(0x30, in: der)
        return RevocationList.Entry(
            serialNumber: SerialNumber(octets: der.bytes(serialNumber.content)),
            revokedAt: RevocationListReader.instant(date, in: der),
            reason: try extensions.flatMap { try Self.reason(in: $0, of: der) })
    }

    /// The fields of the next entry, not yet parsed.
    mutating func nextFields(in der: Span<UInt8>) throws(DERRefusal) -> DERCursor? {
        cursor.isAtEnd ? nil : DERCursor(try cursor.next(0x30, in: der).content)
    }

    /// ReasonCode, 2.5.29.21, an ENUMERATED (RFC 5280 5.3.1).
    private static func reason(in list: DERElement, of der: Span<UInt8>) throws(DERRefusal) -> RevocationReason? {
        var cursor = DERCursor(list.content)
        while !cursor.isAtEnd {
            var fields = DERCursor(try cursor.next(0x30, in: der).content)
            let identifier = der.bytes(try fields.nextObjectIdentifier(in: der).content)
            _ = try fields.nextIf(0x01, in: der)
            var value = DERCursor(try fields.next(0x04, in: der).content)
            guard identifier == [0x55, 0x1D, 0x15] else { continue }
            let code = try value.next(0x0A, in: der).content
            return code.count == 1 ? RevocationReason(rawValue: der[code.lowerBound]) : nil
        }
        return nil
    }
}
