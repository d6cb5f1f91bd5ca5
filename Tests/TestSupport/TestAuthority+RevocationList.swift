import Certificates
import IssuanceBinding

/// All fields of a CRL (RFC 5280 5.1).
package struct RevocationListTemplate {
    /// One revoked certificate.
    package struct Entry {
        package var serial: [UInt8]
        package var revokedAt = TestPKI.defaultNotBefore
        /// RFC 5280 5.3.1
        package var reason: UInt8?

        package init(_ serial: [UInt8], revokedAt: Instant = TestPKI.defaultNotBefore, reason: UInt8? = nil) {
            self.serial = serial
            self.revokedAt = revokedAt
            self.reason = reason
        }
    }

    package var entries: [Entry] = []
    package var thisUpdate = TestPKI.defaultNotBefore
    package var nextUpdate: Instant? = TestPKI.defaultNotAfter
    package var number: UInt8?
    /// The number of the base list of a delta list.
    package var deltaBase: UInt8?
    /// The dotted identifier of a critical extension whose value is NULL.
    package var criticalExtension: String?
    /// Whether the list has an authority key identifier (RFC 5280 5.2.1).
    package var keyIdentifier = KeyIdentifier.absent
    /// Further extensions, each a complete `Extension` in DER.
    package var furtherExtensions: [[UInt8]] = []

    /// The authorityKeyIdentifier.
    package enum KeyIdentifier {
        case absent
        case ofSigner
    }

    package init() {}

    /// The `Extension` of an issuingDistributionPoint (RFC 5280 5.2.5) with these fields, for `furtherExtensions`.
    package static func issuingDistributionPoint(_ fields: [UInt8]...) -> [UInt8] {
        Self.extension("2.5.29.28", critical: true, DERWriter.sequence(fields))
    }

    fileprivate func toBeSigned(by issuer: [UInt8], publicKey: [UInt8], algorithm: [UInt8]) -> [UInt8] {
        var fields = [
            DERWriter.integer(octets: [1]), algorithm, issuer, CertificateTemplate.Time.at(thisUpdate).der,
        ]
        if let nextUpdate { fields.append(CertificateTemplate.Time.at(nextUpdate).der) }
        if !entries.isEmpty { fields.append(DERWriter.sequence(entries.map(Self.der))) }
        var extensions: [[UInt8]] = []
        if let number { extensions.append(Self.extension("2.5.29.20", DERWriter.integer(octets: [number]))) }
        if let deltaBase {
            extensions.append(Self.extension("2.5.29.27", critical: true, DERWriter.integer(octets: [deltaBase])))
        }
        if let criticalExtension { extensions.append(Self.extension(criticalExtension, critical: true, [0x05, 0x00])) }
        switch keyIdentifier {
        case .absent: break
        case .ofSigner:
            let identifier = DERWriter.element(0x80, IssuanceDigest.sha1(publicKey))
            extensions.append(Self.extension("2.5.29.35", DERWriter.sequence([identifier])))
        }
        extensions += furtherExtensions
        if !extensions.isEmpty { fields.append(DERWriter.context(0, DERWriter.sequence(extensions))) }
        return DERWriter.sequence(fields)
    }

    private static func der(_ entry: Entry) -> [UInt8] {
        var fields = [DERWriter.integer(octets: entry.serial), CertificateTemplate.Time.at(entry.revokedAt).der]
        if let reason = entry.reason {
            fields.append(DERWriter.sequence([Self.extension("2.5.29.21", DERWriter.element(0x0A, [reason]))]))
        }
        return DERWriter.sequence(fields)
    }

    private static func `extension`(_ identifier: String, critical: Bool = false, _ value: [UInt8]) -> [UInt8] {
        DERWriter.sequence(
            [DERWriter.objectIdentifier(identifier)] + (critical ? [DERWriter.element(0x01, [0xFF])] : [])
                + [DERWriter.octetString(value)])
    }
}

extension TestAuthority {
    /// A CRL of this authority in PEM that revokes these serial numbers.
    package func revocationList(
        revoking serials: [[UInt8]] = [], thisUpdate: Instant = TestPKI.defaultNotBefore,
        nextUpdate: Instant? = TestPKI.defaultNotAfter
    ) throws -> String {
        try revocationList { template in
            template.entries = serials.map { RevocationListTemplate.Entry($0, revokedAt: thisUpdate) }
            template.thisUpdate = thisUpdate
            template.nextUpdate = nextUpdate
        }
    }

    /// A CRL of this authority in PEM.
    package func revocationList(_ change: (inout RevocationListTemplate) -> Void) throws -> String {
        var template = RevocationListTemplate()
        change(&template)
        let key = certificate.key
        let algorithm = CertificateTemplate.algorithm(of: key)
        let toBeSigned = template.toBeSigned(
            by: CertificateTemplate.name(subject), publicKey: try key.publicKeyDER(), algorithm: algorithm)
        let signature = DERWriter.bitString(try key.signature(over: toBeSigned))
        return PEMWriter.block("X509 CRL", DERWriter.sequence([toBeSigned, algorithm, signature]))
    }
}
