/// What can be wrong besides a stage: the closed set of codes, which docs/findings.md lists. Raw values are part
/// of the JSON contract.
package enum FindingCode: String, Hashable, Sendable, CaseIterable {
    // MARK: A registered place

    /// What was registered cannot be seen any more; what was known of it stays known.
    case lostFromSight = "lost_from_sight"
    /// Something says that it is a certificate and cannot be read as one.
    case unreadableCertificate = "unreadable_certificate"
    /// A file's certificate was replaced by one that expires earlier.
    case wentBackwards = "went_backwards"

    // MARK: An endpoint

    /// The probes of an endpoint do not find what they must.
    case endpointFailing = "endpoint_failing"
    /// It names the CAs that it takes, and the issuer of our client certificate is not among them.
    case issuerNotAccepted = "issuer_not_accepted"
    /// It presents another certificate than the file that is registered for it.
    case servedCertificateDiffers = "served_certificate_differs"
    /// Its chain lacks an intermediate.
    case servedChainIncomplete = "served_chain_incomplete"
    /// It presents an expired certificate beside its own.
    case expiredCertificateServed = "expired_certificate_served"
    /// It let our client certificate in although that has expired.
    case expiredAccepted = "expired_accepted"
    /// Its addresses present different certificates.
    case servedCertificatesDisagree = "served_certificates_disagree"
    /// Our client certificate outlives a CA that it needs.
    case clientOutlivesIssuer = "client_outlives_issuer"

    // MARK: The machine that notafter runs on

    /// The wall clock was set by more than a day.
    case clockStepped = "clock_stepped"
    /// All endpoints and all receivers are out of reach at once.
    case networkUnreachable = "network_unreachable"

    // MARK: A receiver

    /// It refuses what it is sent, or says that it is gone.
    case receiverRefusing = "receiver_refusing"
    /// It takes nothing: it cannot be reached or fails, and notices wait or have expired undelivered.
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
    /// A key or signature of the path that OpenSSL refuses at the security level of its verifiers.
    case belowSecurityLevel = "below_security_level"
    /// An extension that occurs twice or is malformed (RFC 5280 4.2), so that verifiers refuse the certificate unread.
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
    // When to tell of it
    case thresholdTooWide = "threshold_too_wide"
    // What it is for
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
    // What was expected of it
    case commonNameMismatch = "common_name_mismatch"
    case alternativeNameMissing = "alternative_name_missing"
    case issuerMismatch = "issuer_mismatch"
    case fingerprintMismatch = "fingerprint_mismatch"
    // Among others
    case duplicateSerialNumber = "duplicate_serial_number"

    // MARK: A revocation list

    case listSignatureInvalid = "list_signature_invalid"
    case listNotYetCurrent = "list_not_yet_current"
    case nextUpdateMissing = "next_update_missing"
    /// None of its serial numbers is of a certificate of its CA that is known.
    case revokedSerialsUnknown = "revoked_serials_unknown"
    /// The same, and one of them is a known one with decimal and hexadecimal digits confused.
    case revokedSerialsMisread = "revoked_serials_misread"
}

extension FindingCode {
    /// What a finding is about.
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
        case .lostFromSight, .unreadableCertificate, .wentBackwards: .place
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

    /// Whether another one that has it is news. A threshold that does not suit how long certificates live is told once,
    /// however often they are renewed.
    package var isNewsOfEach: Bool { self != .thresholdTooWide }

    /// The codes of what `concern` says, in the order of their declaration.
    package static func all(about concern: Concern) -> [FindingCode] {
        allCases.filter { $0.concern == concern }
    }
}
