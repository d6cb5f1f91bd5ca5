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

/// A certificate with its standing, as `check --json` and `list --json` print it.
struct CertificateStatus: Encodable {
    let certificate: Certificate
    let location: Location
    /// nil where no configuration was asked.
    let registration: Registration?
    let state: CertificateState
    let stage: Stage?
    let secondsLeft: Int64?
    /// Since when it is missing at its location; nil when it is there.
    let absentSince: Instant?

    /// What the state is judged by.
    enum Yardstick {
        /// A registration's thresholds: the last of them is critical.
        case thresholds([Threshold])
        /// What the caller calls a warning and critical.
        case limits(warning: Threshold, critical: Threshold)

        var thresholds: [Threshold] {
            switch self {
            case .thresholds(let thresholds): thresholds
            case .limits(let warning, let critical): [warning, critical]
            }
        }
    }

    init(
        _ certificate: Certificate, at location: Location, registration: Registration?, by yardstick: Yardstick,
        absentSince: Instant? = nil, now: Instant
    ) {
        let ladder = StageLadder(thresholds: yardstick.thresholds, validity: certificate.validity)
        self.certificate = certificate
        self.location = location
        self.registration = registration
        self.state =
            switch yardstick {
            case .thresholds: CertificateState(validity: certificate.validity, ladder: ladder, at: now)
            case .limits(let warning, let critical):
                CertificateState(validity: certificate.validity, warning: warning, critical: critical, at: now)
            }
        self.stage = ladder.stage(expiry: certificate.validity.expiry, at: now)
        self.absentSince = absentSince
        self.secondsLeft =
            switch certificate.validity.expiry {
            case .at(let expiry): (expiry - now).seconds
            case .never, .unreadable: nil
            }
    }

    private enum CodingKeys: String, CodingKey {
        case registration, role, state, stage
        case effectiveExpiry = "effective_expiry"
        case secondsLeft = "seconds_left"
        case absentSince = "absent_since"
    }

    /// When it stops working; nil when it never does, or nobody can tell.
    var effectiveExpiry: Instant? {
        guard case .at(let expiry) = certificate.validity.expiry else { return nil }
        return expiry
    }

    func encode(to encoder: any Encoder) throws {
        try CertificateObject(certificate: certificate, location: location).encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(registration?.name, forKey: .registration)
        try container.encode(registration?.role.rawValue, forKey: .role)
        try container.encode(state.rawValue, forKey: .state)
        try container.encode(stage?.description, forKey: .stage)
        try container.encode(effectiveExpiry, forKey: .effectiveExpiry)
        try container.encode(secondsLeft, forKey: .secondsLeft)
        try container.encode(absentSince, forKey: .absentSince)
    }
}
