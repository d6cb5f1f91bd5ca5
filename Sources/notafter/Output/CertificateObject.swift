import Certificates
import ExpiryRules

/// A certificate as `inspect --json` prints it. The keys are a contract that only grows; every key is always present.
struct CertificateObject: Encodable {
    let certificate: Certificate
    let location: Location

    private enum CodingKeys: String, CodingKey {
        case fingerprint = "fingerprint_sha256"
        case subject, issuer, location
        case serialNumber = "serial_number"
        case notBefore = "not_before"
        case notAfter = "not_after"
        case isCA = "is_ca"
        case signatureAlgorithm = "signature_algorithm"
        case publicKey = "public_key"
        case subjectAlternativeNames = "subject_alternative_names"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(certificate.fingerprint.description, forKey: .fingerprint)
        try container.encode(certificate.subject, forKey: .subject)
        try container.encode(certificate.issuer, forKey: .issuer)
        try container.encode(certificate.serialNumber.description, forKey: .serialNumber)
        try container.encode(certificate.validity.notBefore, forKey: .notBefore)
        try container.encode(certificate.validity.notAfter, forKey: .notAfter)
        try container.encode(certificate.isCA, forKey: .isCA)
        try container.encode(certificate.signatureAlgorithm, forKey: .signatureAlgorithm)
        try container.encode(certificate.publicKey, forKey: .publicKey)
        try container.encode(certificate.subjectAlternativeNames, forKey: .subjectAlternativeNames)
        try container.encode(location.description, forKey: .location)
    }
}
