import Certificates

/// One check of a certificate by a backend. Raw values are part of the JSON contract.
package enum VerificationCheck: String, Hashable, Sendable, CaseIterable {
    case x509
    case commonName = "common_name"
    case validity
    case issuer
    case signature
    case purpose
    case revocation
    case fingerprint
    case key
    case profile
    case alternativeNames = "alternative_names"
}

/// The result of one check.
package struct VerificationResult: Hashable, Sendable {
    package let check: VerificationCheck
    package let holds: Bool
    /// One sentence for a person. It may quote the certificate, so escape it before printing.
    package let message: String
}

/// The result of verifying a certificate that a client presented.
package struct VerificationReport: Sendable {
    /// nil when no certificate could be read.
    package let certificate: Certificate?
    /// The checks that could be made, in the order of `VerificationCheck`.
    package let results: [VerificationResult]
    /// The findings that do not make verifiers refuse the certificate.
    package let warnings: [CertificateFinding]
    /// All findings in the order of `FindingCode`: those that make checks fail, and the warnings.
    package let findings: [CertificateFinding]
    /// The revoked certificates of its path.
    package let revocations: [Revocation]

    /// Whether the certificate may be accepted.
    package var holds: Bool {
        certificate != nil && results.allSatisfy(\.holds)
    }
}

extension FindingCode {
    /// The check that a finding makes fail. nil for findings that no verifier refuses, and for those that are not about
    /// a certificate.
    var check: VerificationCheck? {
        switch self {
        case .issuerUnknown, .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority,
            .issuerNotValid, .pathInvalid, .belowSecurityLevel:
            .signature
        case .extensionInvalid: .x509
        case .revoked, .revocationListMissing, .revocationListNotCurrent, .revocationListInvalid: .revocation
        case .notYetValid, .expired, .unreadableDate: .validity
        case .wrongPurpose: .purpose
        case .notAuthority, .signatureNotAllowed, .keyNotAllowed, .versionNotAllowed: .profile
        case .keyUnreadable, .keyMismatch: .key
        case .commonNameMismatch: .commonName
        case .alternativeNameMissing: .alternativeNames
        case .issuerMismatch: .issuer
        case .fingerprintMismatch: .fingerprint
        case .outlivesIssuer, .thresholdTooWide, .weakKey, .weakSignature, .keyReadableByOthers, .duplicateSerialNumber:
            nil
        case .lostFromSight, .unreadableCertificate, .wentBackwards, .observedLimitReached, .endpointFailing,
            .clockStepped,
            .networkUnreachable, .receiverRefusing, .receiverUnreachable,
            .issuerNotAccepted, .servedCertificateDiffers, .servedChainIncomplete, .expiredCertificateServed,
            .expiredAccepted,
            .servedCertificatesDisagree,
            .clientOutlivesIssuer, .listSignatureInvalid, .listNotYetCurrent, .nextUpdateMissing,
            .revokedSerialsUnknown, .revokedSerialsMisread:
            nil
        }
    }
}
