/// The closed set of findings, the problems that are not stages. docs/findings.md lists them. Raw values are part of
/// the JSON contract.
package enum FindingCode: String, Hashable, Sendable, Codable, CaseIterable {
    // MARK: A registered place

    /// The registered place can no longer be read. Its known certificates stay watched.
    case lostFromSight = "lost_from_sight"
    /// An element is marked as a certificate and cannot be decoded.
    case unreadableCertificate = "unreadable_certificate"
    /// A file's certificate was replaced by one that expires earlier.
    case wentBackwards = "went_backwards"
    /// Edges report more client certificates than `observed.limit` allows, and new ones are not watched.
    case observedLimitReached = "observed_limit_reached"

    // MARK: An endpoint

    /// The probes of an endpoint do not have the expected results.
    case endpointFailing = "endpoint_failing"
    /// The endpoint names the CAs that it accepts, and the issuer of our client certificate is not among them.
    case issuerNotAccepted = "issuer_not_accepted"
    /// The endpoint presents another certificate than the registered file.
    case servedCertificateDiffers = "served_certificate_differs"
    /// The presented chain lacks an intermediate CA.
    case servedChainIncomplete = "served_chain_incomplete"
    /// The endpoint presents an expired certificate besides its own.
    case expiredCertificateServed = "expired_certificate_served"
    /// The endpoint accepted our expired client certificate.
    case expiredAccepted = "expired_accepted"
    /// The addresses of the endpoint present different certificates.
    case servedCertificatesDisagree = "served_certificates_disagree"
    /// Our client certificate expires after a CA of its path.
    case clientOutlivesIssuer = "client_outlives_issuer"

    // MARK: The machine that notafter runs on

    /// The wall clock was set by more than a day.
    case clockStepped = "clock_stepped"
    /// No endpoint and no receiver can be reached.
    case networkUnreachable = "network_unreachable"

    // MARK: A receiver

    /// The receiver refuses messages, or answers that it no longer exists.
    case receiverRefusing = "receiver_refusing"
    /// The receiver cannot be reached or fails, and notices wait or have expired undelivered.
    case receiverUnreachable = "receiver_unreachable"

    // MARK: A certificate

    // The path to a trust anchor (RFC 5280 6.1)
    case issuerUnknown = "issuer_unknown"
    case signatureInvalid = "signature_invalid"
    case pathLengthExceeded = "path_length_exceeded"
    case nameConstraintsViolated = "name_constraints_violated"
    case issuerNotAuthority = "issuer_not_a_ca"
    case issuerNotValid = "issuer_not_valid"
    case pathInvalid = "path_invalid"
    /// OpenSSL refuses a key or signature of the path at the security level of its verifiers.
    case belowSecurityLevel = "below_security_level"
    /// An extension occurs twice or is malformed (RFC 5280 4.2), so that verifiers refuse the certificate.
    case extensionInvalid = "extension_invalid"
    // Revocation
    case revoked
    case revocationListMissing = "revocation_list_missing"
    case revocationListNotCurrent = "revocation_list_not_current"
    case revocationListInvalid = "revocation_list_invalid"
    // The validity
    case notYetValid = "not_yet_valid"
    case expired
    case unreadableDate = "unreadable_date"
    case outlivesIssuer = "outlives_issuer"
    // Its thresholds
    case thresholdTooWide = "threshold_too_wide"
    // Its purpose
    case wrongPurpose = "wrong_purpose"
    case notAuthority = "not_a_ca"
    // Its strength
    case weakKey = "weak_key"
    case weakSignature = "weak_signature"
    case signatureNotAllowed = "signature_not_allowed"
    case keyNotAllowed = "key_not_allowed"
    case versionNotAllowed = "version_not_allowed"
    // Its private key
    case keyUnreadable = "key_unreadable"
    case keyMismatch = "key_mismatch"
    case keyReadableByOthers = "key_readable_by_others"
    // The expectations of its registration
    case commonNameMismatch = "common_name_mismatch"
    case alternativeNameMissing = "alternative_name_missing"
    case issuerMismatch = "issuer_mismatch"
    case fingerprintMismatch = "fingerprint_mismatch"
    // Compared with other certificates
    case duplicateSerialNumber = "duplicate_serial_number"

    // MARK: A revocation list

    case listSignatureInvalid = "list_signature_invalid"
    case listNotYetCurrent = "list_not_yet_current"
    case nextUpdateMissing = "next_update_missing"
    /// None of the list's serial numbers belongs to a known certificate of its CA.
    case revokedSerialsUnknown = "revoked_serials_unknown"
    /// As above, and one of the serial numbers is a known one with decimal and hexadecimal digits confused.
    case revokedSerialsMisread = "revoked_serials_misread"
}

extension FindingCode {
    /// The kind of subject of a finding.
    package enum Concern: Hashable, Sendable, CaseIterable {
        case place
        case endpoint
        case machine
        case receiver
        case certificate
        case revocationList
    }

    package var concern: Concern {
        switch self {
        case .lostFromSight, .unreadableCertificate, .wentBackwards, .observedLimitReached: .place
        case .endpointFailing, .issuerNotAccepted, .servedCertificateDiffers, .servedChainIncomplete,
            .expiredCertificateServed, .expiredAccepted, .servedCertificatesDisagree, .clientOutlivesIssuer:
            .endpoint
        case .clockStepped, .networkUnreachable: .machine
        case .receiverRefusing, .receiverUnreachable: .receiver
        case .issuerUnknown, .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority,
            .issuerNotValid, .pathInvalid, .belowSecurityLevel, .extensionInvalid, .revoked, .revocationListMissing,
            .revocationListNotCurrent,
            .revocationListInvalid, .notYetValid, .expired, .unreadableDate, .outlivesIssuer, .thresholdTooWide,
            .wrongPurpose,
            .notAuthority, .weakKey, .weakSignature, .signatureNotAllowed, .keyNotAllowed, .versionNotAllowed,
            .keyUnreadable, .keyMismatch, .keyReadableByOthers, .commonNameMismatch, .alternativeNameMissing,
            .issuerMismatch, .fingerprintMismatch, .duplicateSerialNumber:
            .certificate
        case .listSignatureInvalid, .listNotYetCurrent, .nextUpdateMissing, .revokedSerialsUnknown,
            .revokedSerialsMisread:
            .revocationList
        }
    }

    /// Whether a registration's finding is reported again when another certificate gets it. A threshold that is longer
    /// than the usual lifetime is reported once, regardless of renewals.
    package var isNewsOfEach: Bool { self != .thresholdTooWide }

    /// The codes about `concern`, in the order of their declaration.
    package static func all(about concern: Concern) -> [FindingCode] {
        allCases.filter { $0.concern == concern }
    }
}
