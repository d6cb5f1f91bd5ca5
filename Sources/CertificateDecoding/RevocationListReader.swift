import Certificates
import OpenSSLBinding

/// A decoded revocation list with its defects.
struct ReadRevocationList {
    let list: RevocationList
    let defects: [Defect]
}

/// Decodes the DER of a revocation list (RFC 5280 5.1). It refuses everything that is not plainly valid.
///
///     CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING }
///     TBSCertList ::= SEQUENCE { version INTEGER OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
///         revokedCertificates SEQUENCE OF SEQUENCE { serial, date, extensions OPTIONAL } OPTIONAL,
///         [0] EXPLICIT extensions OPTIONAL }
///
/// It exists because OpenSSL allocates three objects for each entry, and half a million entries exhaust the memory.
struct RevocationListReader {
    private let reader: CertificateReader

    init(reader: CertificateReader) {
        self.reader = reader
    }

    /// Whether `bytes` begin like a list and not like a certificate: a date follows the issuer. Outer lengths are not
    /// checked, since they may be wrong.
    static func opens(_ bytes: Span<UInt8>) -> Bool {
        guard let start = CertificateMark.skipHeaders([0x30, 0x30], of: bytes), start <= bytes.count else {
            return false
        }
        var fields = DERCursor(start..<bytes.count)
        do throws(DERRefusal) {
            _ = try fields.nextIf(0x02, in: bytes)
            _ = try fields.next(0x30, in: bytes)
            _ = try fields.next(0x30, in: bytes)
        } catch {
            return false
        }
        let tag = fields.peek(in: bytes)
        return tag == 0x17 || tag == 0x18
    }

    /// Decodes the list at the start of `bytes`. Its entries are only counted.
    func list(_ bytes: Span<UInt8>) throws(DERRefusal) -> ReadRevocationList {
        let fields = try Fields(bytes)
        let extensions = try Self.extensions(fields.extensions, in: bytes)
        var revoked = RevokedCertificates(fields.entries)
        var count = 0
        while try revoked.nextFields(in: bytes) != nil { count += 1 }
        let list = RevocationList(
            fingerprint: reader.fingerprint(of: bytes.extracting(fields.whole.range)),
            issuer: try reader.issuers.text(of: fields.issuer, in: bytes),
            thisUpdate: Self.instant(fields.thisUpdate, in: bytes),
            nextUpdate: fields.nextUpdate.flatMap { Self.instant($0, in: bytes) },
            number: extensions.number, deltaBase: extensions.deltaBase,
            signatureAlgorithm: reader.algorithms.name(bytes.bytes(fields.signatureAlgorithm.content)),
            authorityKeyIdentifier: extensions.authorityKeyIdentifier, revokedCount: count)
        var defects: [Defect] = []
        if list.thisUpdate == nil { defects.append(Self.unreadable("thisUpdate")) }
        if fields.nextUpdate != nil, list.nextUpdate == nil { defects.append(Self.unreadable("nextUpdate")) }
        return ReadRevocationList(list: list, defects: defects)
    }

    /// Converts OpenSSL's result for a list, `bytes`, that our reader refused.
    func list(parsed: OpenSSLRevocationList, _ bytes: Span<UInt8>) -> ReadRevocationList {
        let thisUpdate = parsed.thisUpdate?.instant
        var nextUpdate: Instant?
        var defects = thisUpdate == nil ? [Self.unreadable("thisUpdate")] : []
        switch parsed.nextUpdate {
        case .absent: break
        case .unreadable: defects.append(Self.unreadable("nextUpdate"))
        case .at(let date):
            nextUpdate = date.instant
            if nextUpdate == nil { defects.append(Self.unreadable("nextUpdate")) }
        }
        func number(_ der: [UInt8]) -> SerialNumber { SerialNumber(octets: CertificateReader.content(of: der)) }
        return ReadRevocationList(
            list: RevocationList(
                fingerprint: reader.fingerprint(of: bytes), issuer: DistinguishedName.text(parsed.issuer),
                thisUpdate: thisUpdate,
                nextUpdate: nextUpdate, number: parsed.numberDER.map(number),
                deltaBase: parsed.deltaBaseDER.map(number),
                signatureAlgorithm: parsed.signatureAlgorithm.name ?? parsed.signatureAlgorithm.dotted,
                authorityKeyIdentifier: parsed.authorityKeyIdentifier, revokedCount: parsed.entries.count),
            defects: defects)
    }

    private static func unreadable(_ field: String) -> Defect {
        Defect(.unreadableDate, "the revocation list's \(field) is no date")
    }

    /// The instant of a date. nil for an unreadable date, which does not make the whole list unreadable. OpenSSL parses
    /// forms that RFC 5280 does not allow, such as an offset in place of Z.
    static func instant(_ element: DERElement, in bytes: Span<UInt8>) -> Instant? {
        do throws(DERRefusal) {
            return try CertificateTime.instant(of: element, in: bytes)
        } catch {
            guard [0x17, 0x18].contains(element.tag) else { return nil }
            return OpenSSLDate(der: bytes.bytes(element.range))?.instant
        }
    }
}

extension RevocationListReader {
    /// The parts of the list, not yet parsed.
    struct Fields {
        let whole: DERElement
        let issuer: DERElement
        let thisUpdate: DERElement
        let nextUpdate: DERElement?
        let entries: DERElement?
        let extensions: DERElement?
        /// The OBJECT IDENTIFIER.
        let signatureAlgorithm: DERElement

        init(_ bytes: Span<UInt8>) throws(DERRefusal) {
            var cursor = DERCursor(0..<bytes.count)
            whole = try cursor.next(0x30, in: bytes)
            var outer = DERCursor(whole.content)
            var fields = DERCursor(try outer.next(0x30, in: bytes).content)
            _ = try fields.nextIf(0x02, in: bytes)
            _ = try fields.next(0x30, in: bytes)
            issuer = try fields.next(0x30, in: bytes)
            thisUpdate = try fields.next(in: bytes)
            nextUpdate = try fields.nextIf(fields.peek(in: bytes) == 0x18 ? 0x18 : 0x17, in: bytes)
            entries = try fields.nextIf(0x30, in: bytes)
            extensions = try fields.nextIf(0xA0, in: bytes)
            try fields.finish()
            var algorithm = DERCursor(try outer.next(0x30, in: bytes).content)
            signatureAlgorithm = try algorithm.nextObjectIdentifier(in: bytes)
            _ = try outer.nextBitString(in: bytes)
            try outer.finish()
        }
    }

    /// The extensions of the list that `RevocationList` needs.
    private struct Extensions {
        var number: SerialNumber?
        var deltaBase: SerialNumber?
        var authorityKeyIdentifier: [UInt8]?
    }

    private static func extensions(_ tagged: DERElement?, in bytes: Span<UInt8>) throws(DERRefusal) -> Extensions {
        var found = Extensions()
        guard let tagged else { return found }
        var outer = DERCursor(tagged.content)
        var list = DERCursor(try outer.next(0x30, in: bytes).content)
        try outer.finish()
        while !list.isAtEnd {
            var fields = DERCursor(try list.next(0x30, in: bytes).content)
            let identifier = bytes.bytes(try fields.nextObjectIdentifier(in: bytes).content)
            _ = try fields.nextIf(0x01, in: bytes)
            var value = DERCursor(try fields.next(0x04, in: bytes).content)
            // 2.5.29.20, 2.5.29.27 and 2.5.29.35
            switch identifier {
            case [0x55, 0x1D, 0x14]: found.number = try number(&value, in: bytes)
            case [0x55, 0x1D, 0x1B]: found.deltaBase = try number(&value, in: bytes)
            case [0x55, 0x1D, 0x23]:
                var parts = DERCursor(try value.next(0x30, in: bytes).content)
                found.authorityKeyIdentifier = try parts.nextIf(0x80, in: bytes).map { bytes.bytes($0.content) }
            default: continue
            }
        }
        return found
    }

    private static func number(_ value: inout DERCursor, in bytes: Span<UInt8>) throws(DERRefusal) -> SerialNumber {
        SerialNumber(octets: bytes.bytes(try value.next(0x02, in: bytes).content))
    }
}

extension Decoding {
    /// Decodes the revocation list `der`.
    mutating func takeRevocationList(_ der: Span<UInt8>) {
        do throws(DERRefusal) {
            let list = try RevocationListReader(reader: reader).list(der)
            append(list, der)
        } catch {
            takeParsedRevocationList(der)
        }
    }

    /// Lets OpenSSL parse a list that our reader refused.
    private mutating func takeParsedRevocationList(_ der: Span<UInt8>) {
        guard der.count <= Self.parsedLimit, mayAsk else {
            return report(.badDER, "this revocation list is no DER, and too large to be read as BER")
        }
        do throws(OpenSSLError) {
            let parsed = try OpenSSLRevocationList(der)
            let whole = der.extracting(0..<parsed.length)
            append(RevocationListReader(reader: reader).list(parsed: parsed, whole), whole)
        } catch {
            refuse("this is no revocation list that OpenSSL can read (\(error))")
        }
    }

    private mutating func append(_ read: ReadRevocationList, _ der: Span<UInt8>) {
        append(read.list)
        keep(der, of: read.list.fingerprint)
        for defect in read.defects { report(defect) }
    }
}
