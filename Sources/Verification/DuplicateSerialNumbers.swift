import Certificates

/// Finds different certificates with the same issuer and serial number, which RFC 5280 4.1.2.2 forbids.
package enum DuplicateSerialNumbers {
    private struct Identity: Hashable {
        let issuer: String
        let serialNumber: SerialNumber
    }

    /// The findings by fingerprint: one for each certificate that shares its issuer and serial number with another one.
    package static func findings(in certificates: some Sequence<Certificate>) -> [Fingerprint: CertificateFinding] {
        var holders: [Identity: Set<Fingerprint>] = [:]
        for certificate in certificates {
            let identity = Identity(issuer: certificate.issuer, serialNumber: certificate.serialNumber)
            holders[identity, default: []].insert(certificate.fingerprint)
        }
        var findings: [Fingerprint: CertificateFinding] = [:]
        for (identity, fingerprints) in holders where fingerprints.count > 1 {
            let (count, serialNumber) = (fingerprints.count, identity.serialNumber)
            let flaw = CertificateFlaw.serialNumberSharedByMany(
                count: count, issuer: identity.issuer, serialNumber: "\(serialNumber)")
            for fingerprint in fingerprints {
                findings[fingerprint] = CertificateFinding(.duplicateSerialNumber, .certificate(flaw))
            }
        }
        return findings
    }
}
