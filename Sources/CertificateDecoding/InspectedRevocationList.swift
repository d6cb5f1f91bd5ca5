import Certificates
import OpenSSLBinding

/// A revocation list with its entries.
package struct InspectedRevocationList: Hashable, Sendable {
    package let list: RevocationList
    /// The readable entries in the list's order.
    package let entries: [RevocationList.Entry]
    /// Whether it has a nextUpdate, readable or not.
    package let hasNextUpdate: Bool

    /// Reads the entries from `der`, if it is known.
    package init(_ list: RevocationList, der: [UInt8]?) {
        self.list = list
        // Our reader refuses what is not DER. OpenSSL then parses it.
        if let der, let read = Self.read(der) {
            (entries, hasNextUpdate) = read
        } else if let der, let parsed = try? OpenSSLRevocationList(der.span) {
            entries = parsed.entries.map(RevocationList.Entry.init)
            hasNextUpdate = parsed.nextUpdate != .absent
        } else {
            (entries, hasNextUpdate) = ([], list.nextUpdate != nil)
        }
    }

    private static func read(_ der: [UInt8]) -> ([RevocationList.Entry], Bool)? {
        do {
            let fields = try RevocationListReader.Fields(der.span)
            var revoked = RevokedCertificates(fields.entries)
            var entries: [RevocationList.Entry] = []
            while let entry = try revoked.next(in: der.span) { entries.append(entry) }
            return (entries, fields.nextUpdate != nil)
        } catch {
            return nil
        }
    }
}

extension RevocationList.Entry {
    init(_ parsed: OpenSSLRevocationList.Entry) {
        self.init(
            serialNumber: SerialNumber(octets: CertificateReader.content(of: parsed.serialNumberDER)),
            revokedAt: parsed.revokedAt?.instant,
            reason: parsed.reason.flatMap(UInt8.init(exactly:)).flatMap(RevocationReason.init(rawValue:)))
    }
}
