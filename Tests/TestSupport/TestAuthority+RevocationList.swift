import Certificates

extension TestAuthority {
    /// A CRL of this authority (RFC 5280 5.1) in PEM, which names the certificates with these serial numbers.
    package func revocationList(
        revoking serials: [[UInt8]] = [], thisUpdate: Instant = TestPKI.defaultNotBefore,
        nextUpdate: Instant = TestPKI.defaultNotAfter
    ) throws -> String {
        let key = certificate.key
        let algorithm = CertificateTemplate.algorithm(of: key)
        let updated = CertificateTemplate.Time.at(thisUpdate).der
        var fields = [
            DERWriter.integer(octets: [1]), algorithm, CertificateTemplate.name(subject), updated,
            CertificateTemplate.Time.at(nextUpdate).der,
        ]
        if !serials.isEmpty {
            let entries = serials.map { DERWriter.sequence([DERWriter.integer(octets: $0), updated]) }
            fields.append(DERWriter.sequence(entries))
        }
        let toBeSigned = DERWriter.sequence(fields)
        let signature = DERWriter.bitString(try key.signature(over: toBeSigned))
        return PEMWriter.block("X509 CRL", DERWriter.sequence([toBeSigned, algorithm, signature]))
    }
}
