import Certificates

/// One thing that a backend checks of a certificate. Raw values are part of the JSON contract.
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

/// What came of one check.
package struct VerificationResult: Hashable, Sendable {
    package let check: VerificationCheck
    package let holds: Bool
    /// One sentence for a person. It may quote the certificate: escape it before printing.
    package let message: String
}

/// What a backend has to know of a certificate that was shown to it.
package struct VerificationReport: Sendable {
    /// nil where there is no certificate that can be read.
    package let certificate: Certificate?
    /// In the order of `VerificationCheck`; those that could be judged.
    package let results: [VerificationResult]
    /// What is wrong with the certificate without making a verifier refuse it.
    package let warnings: [CertificateFinding]
    /// All that is wrong, in the order of `FindingCode`: what makes checks fail, and the warnings.
    package let findings: [CertificateFinding]
    /// What of its path was revoked.
    package let revocations: [Revocation]

    /// Whether the certificate may be let in.
    package var holds: Bool {
        certificate != nil && results.allSatisfy(\.holds)
    }
}

extension FindingCode {
    /// Which check a finding lets fail; nil for what makes no verifier refuse a certificate, and for what is no certificate's.
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
        case .lostFromSight, .unreadableCertificate, .wentBackwards, .endpointFailing, .clockStepped,
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
