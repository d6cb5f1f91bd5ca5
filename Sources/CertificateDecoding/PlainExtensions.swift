import OpenSSLBinding

/// Parses the extensions (RFC 5280 4.2) of a certificate for which OpenSSL reports no flaw.
///
/// OpenSSL parses a dozen types before it uses a certificate, and refuses a certificate in which one of them is
/// malformed or repeated. The common forms of these types are parsed here. Any other form or type is refused here and
/// left to OpenSSL.
struct PlainExtensions {
    private(set) var authority = AuthorityStanding.withoutCAFlag
    private(set) var pathLength: Int?
    private(set) var extendedKeyUsage: ExtendedKeyUsage?
    private var isFlaggedCA = false
    private var mayCertify = true
    private var seen: [UInt128] = []

    /// Real certificates have at most 15 extensions. Each one is compared with all earlier ones.
    private static let limit = 32

    /// Parses the extensions at the end of `fields`. A certificate may have none.
    init(_ fields: inout DERCursor, isVersion3: Bool, in bytes: Span<UInt8>) throws(DERRefusal) {
        guard let tagged = try fields.nextIf(0xA3, in: bytes) else { return }
        guard isVersion3 else { throw DERRefusal() }
        var outer = DERCursor(tagged.content)
        var list = DERCursor(try outer.next(0x30, in: bytes).content)
        try outer.finish()
        guard !list.isAtEnd else { throw DERRefusal() }
        seen.reserveCapacity(16)
        while !list.isAtEnd {
            var fields = DERCursor(try list.next(0x30, in: bytes).content)
            let type = bytes.packed(try fields.nextObjectIdentifier(in: bytes).content)
            guard type != 0, !seen.contains(type), seen.count < Self.limit else { throw DERRefusal() }
            seen.append(type)
            if let criticality = try fields.nextIf(0x01, in: bytes) {
                guard criticality.content.count == 1, bytes[criticality.content.lowerBound] == 0xFF else {
                    throw DERRefusal()
                }
            }
            let value = try fields.next(0x04, in: bytes).content
            try fields.finish()
            try take(value, ofType: type, in: bytes)
        }
        if isFlaggedCA { authority = mayCertify ? .authority : .withoutCertificateSigning }
    }

    private mutating func take(
        _ value: Range<Int>, ofType type: UInt128, in bytes: Span<UInt8>
    ) throws(DERRefusal) {
        var cursor = DERCursor(value)
        switch type {
        case 0x55_1D_0E: _ = try cursor.next(0x04, in: bytes)  // subjectKeyIdentifier
        case 0x55_1D_0F: try takeKeyUsage(cursor.next(0x03, in: bytes), in: bytes)
        case 0x55_1D_11: try Self.requireNames(cursor.next(0x30, in: bytes), in: bytes)  // subjectAltName
        case 0x55_1D_13: try takeBasicConstraints(cursor.next(0x30, in: bytes), in: bytes)
        case 0x55_1D_1F: try Self.requireDistributionPoints(cursor.next(0x30, in: bytes), in: bytes)
        case 0x55_1D_23: try Self.requireKeyIdentifier(cursor.next(0x30, in: bytes), in: bytes)
        case 0x55_1D_25: try takeExtendedKeyUsage(cursor.next(0x30, in: bytes), in: bytes)
        default:
            guard Self.isOfNoConcern(type) else { throw DERRefusal() }
            return
        }
        try cursor.finish()
    }

    /// Whether OpenSSL ignores the extension: issuerAltName, policies, their mappings and constraints, freshestCRL;
    /// authorityInfoAccess and the TLS features of RFC 7633; Netscape's comment; and those that companies define, such
    /// as the timestamps of RFC 6962.
    private static func isOfNoConcern(_ type: UInt128) -> Bool {
        switch type {
        case 0x55_1D_12, 0x55_1D_20, 0x55_1D_21, 0x55_1D_24, 0x55_1D_2E, 0x55_1D_36: true
        case 0x2B_06_01_05_05_07_01_01, 0x2B_06_01_05_05_07_01_18: true
        case 0x60_86_48_01_86_F8_42_01_0D: true
        default: isOfCompany(type)
        }
    }

    /// Whether the identifier is below 1.3.6.1.4.1, the arc of enterprises.
    private static func isOfCompany(_ type: UInt128) -> Bool {
        var arc = type
        while arc > 0x2B_06_01_04_01 { arc >>= 8 }
        return arc == 0x2B_06_01_04_01
    }
}

extension PlainExtensions {
    /// `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`. A path length is accepted for a CA
    /// only.
    private mutating func takeBasicConstraints(
        _ element: DERElement, in bytes: Span<UInt8>
    ) throws(DERRefusal) {
        var fields = DERCursor(element.content)
        if let flag = try fields.nextIf(0x01, in: bytes) {
            guard flag.content.count == 1, bytes[flag.content.lowerBound] == 0xFF else { throw DERRefusal() }
            isFlaggedCA = true
        }
        guard !fields.isAtEnd else { return }
        let length = try fields.nextInteger(in: bytes).content
        try fields.finish()
        guard isFlaggedCA, length.count == 1, bytes[length.lowerBound] < 0x80 else { throw DERRefusal() }
        pathLength = Int(bytes[length.lowerBound])
    }

    /// One or two octets of bits, of which at least one is set. Unused bits are 0 (X.690 11.2.1).
    private mutating func takeKeyUsage(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        let content = element.content
        guard (2...3).contains(content.count), bytes[content.lowerBound] <= 7 else { throw DERRefusal() }
        let unused = bytes[content.lowerBound]
        let last = bytes[content.upperBound - 1]
        guard last != 0, last.trailingZeroBitCount >= Int(unused) else { throw DERRefusal() }
        mayCertify = bytes[content.lowerBound + 1] & 0x04 != 0
    }

    private mutating func takeExtendedKeyUsage(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        var purposes = DERCursor(element.content)
        guard !purposes.isAtEnd else { throw DERRefusal() }
        var usage: ExtendedKeyUsage = []
        while !purposes.isAtEnd {
            switch bytes.packed(try purposes.nextObjectIdentifier(in: bytes).content) {
            case 0x2B_06_01_05_05_07_03_01: usage.insert(.server)
            case 0x2B_06_01_05_05_07_03_02: usage.insert(.client)
            case 0x55_1D_25_00: usage.insert(.any)
            default: break
            }
        }
        extendedKeyUsage = usage
    }

    /// GeneralNames (RFC 5280 4.2.1.6): at least one mail address, DNS name, URI or IP address.
    private static func requireNames(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        var names = DERCursor(element.content)
        guard !names.isAtEnd else { throw DERRefusal() }
        while !names.isAtEnd {
            switch try names.next(in: bytes).tag {
            case 0x81, 0x82, 0x86, 0x87: continue
            default: throw DERRefusal()
            }
        }
    }

    /// AuthorityKeyIdentifier (RFC 5280 4.2.1.1) with a key identifier only.
    private static func requireKeyIdentifier(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) {
        var fields = DERCursor(element.content)
        _ = try fields.next(0x80, in: bytes)
        try fields.finish()
    }

    /// CRLDistributionPoints (RFC 5280 4.2.1.13), each with full names only.
    private static func requireDistributionPoints(
        _ element: DERElement, in bytes: Span<UInt8>
    ) throws(DERRefusal) {
        var points = DERCursor(element.content)
        guard !points.isAtEnd else { throw DERRefusal() }
        while !points.isAtEnd {
            var point = DERCursor(try points.next(0x30, in: bytes).content)
            var name = DERCursor(try point.next(0xA0, in: bytes).content)
            try point.finish()
            try requireNames(name.next(0xA0, in: bytes), in: bytes)
            try name.finish()
        }
    }
}
