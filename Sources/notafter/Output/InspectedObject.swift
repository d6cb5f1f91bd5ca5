import CertificateDecoding
import Certificates
import Monitor
import Verification

/// One object of `inspect --json`. The keys are a contract that only grows; every key is always present.
enum InspectedObject: Encodable {
    /// `issuer` is the fingerprint of the certificate in the same place that issued it.
    case certificate(InspectedCertificate, issuer: Fingerprint?, Location)
    case revocationList(RevocationListObject)

    /// All objects of one place: certificates in their order, then revocation lists.
    static func all(in container: Inspector.Container) -> [InspectedObject] {
        let certificates = container.bundle.certificates
        return certificates.enumerated().map { index, inspected in
            .certificate(
                inspected, issuer: inspected.issuer.map { certificates[$0].certificate.fingerprint },
                container.location(at: index))
        }
            + container.bundle.revocationLists.enumerated().map { index, list in
                .revocationList(
                    RevocationListObject(
                        list: list.list, revoked: list.entries, location: container.location(at: index)))
            }
    }

    private enum CodingKeys: String, CodingKey {
        case kind, findings
        case issuer = "issued_by_sha256"
        case pathLength = "path_length"
        case extendedKeyUsages = "extended_key_usages"
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .certificate(let inspected, let issuer, let location):
            try CertificateObject(certificate: inspected.certificate, location: location).encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(InspectedKind.certificate.rawValue, forKey: .kind)
            try container.encode(issuer?.description, forKey: .issuer)
            try container.encode(inspected.pathLength, forKey: .pathLength)
            try container.encode(inspected.extendedKeyUsages, forKey: .extendedKeyUsages)
            try container.encode(inspected.findings.map(FindingObject.init), forKey: .findings)
        case .revocationList(let object):
            try object.encode(to: encoder)
        }
    }
}

/// A finding of a certificate or list.
struct FindingObject: Encodable {
    let code: String
    let severity: String
    let message: String
    let remedy: String

    init(_ finding: CertificateFinding) {
        code = finding.code.rawValue
        severity = finding.severity.rawValue
        message = finding.message
        remedy = finding.remedy
    }
}
