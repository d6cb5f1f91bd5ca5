extension FindingCode {
    /// Critical when verifiers refuse the certificate, warning when they still accept it, and info when nothing is
    /// wrong.
    package var severity: Severity {
        switch self {
        case .thresholdTooWide, .revokedSerialsUnknown: .info
        case .unreadableCertificate, .wentBackwards, .observedLimitReached, .outlivesIssuer, .weakKey, .weakSignature,
            .keyReadableByOthers,
            .duplicateSerialNumber, .nextUpdateMissing, .revokedSerialsMisread, .clockStepped, .issuerNotAccepted,
            .servedCertificateDiffers,
            .servedChainIncomplete, .expiredCertificateServed, .expiredAccepted,
            .servedCertificatesDisagree, .clientOutlivesIssuer:
            .warning
        case .lostFromSight, .endpointFailing, .receiverRefusing, .receiverUnreachable, .networkUnreachable,
            .issuerUnknown, .signatureInvalid, .pathLengthExceeded,
            .nameConstraintsViolated, .issuerNotAuthority, .issuerNotValid, .pathInvalid, .belowSecurityLevel,
            .extensionInvalid, .revoked,
            .revocationListMissing, .revocationListNotCurrent, .revocationListInvalid, .notYetValid, .expired,
            .unreadableDate, .wrongPurpose, .notAuthority, .signatureNotAllowed, .keyNotAllowed,
            .versionNotAllowed, .keyUnreadable, .keyMismatch, .commonNameMismatch, .alternativeNameMissing,
            .issuerMismatch, .fingerprintMismatch, .listSignatureInvalid, .listNotYetCurrent:
            .critical
        }
    }

    /// The next step for a person, in one sentence.
    package var remedy: String {
        switch self {
        case .lostFromSight:
            "Restore it, or correct the registration; until then the last known certificates stay watched."
        case .unreadableCertificate: "Replace the file, or remove it from the registration."
        case .wentBackwards: "Put the newer certificate back, or remove the older one."
        case .observedLimitReached:
            "Raise observed.limit, or find out why the edge reports so many client certificates."
        case .endpointFailing: "Run notafter probe --explain for the endpoint."
        case .clockStepped:
            "Check the clock with timedatectl, and keep it synchronised with chrony or systemd-timesyncd."
        case .networkUnreachable:
            "Check this machine's network, DNS and proxy; probe results during the outage are not reported."
        case .receiverRefusing:
            "Run notafter deliveries --state parked, fix the receiver or its settings, then run notafter deliveries retry."
        case .receiverUnreachable:
            "Run notafter test-notify for it, fix what that names, then run notafter deliveries retry."
        case .issuerNotAccepted:
            "Ask its operator to put our CA back into the server's CA file before its next restart, or get a certificate from a listed CA."
        case .servedCertificateDiffers:
            "Reload the server if the file is newer; otherwise find out where the served certificate comes from."
        case .servedChainIncomplete: "Add all intermediates to the server's certificate file, and reload the server."
        case .expiredCertificateServed:
            "Remove the expired certificate from the server's chain file, and reload the server."
        case .expiredAccepted:
            "Renew the client certificate, and let the server verify dates (no crt-ignore-err, no "
                + "ignore_client_certificate_expiry)."
        case .servedCertificatesDisagree: "Install the new certificate at every address, and reload each server."
        case .clientOutlivesIssuer:
            "Have the CA renewed with the same key, or get a certificate from its successor before the CA expires."
        case .issuerUnknown: "Register the issuing CA, or put the missing intermediate beside the certificate."
        case .signatureInvalid:
            "Look for a CA of the same name with another key; if there is none, do not trust the file."
        case .pathLengthExceeded: "Issue from a CA whose pathLenConstraint allows the CAs below it."
        case .nameConstraintsViolated: "Issue with names that the CA's name constraints permit."
        case .issuerNotAuthority: "Issue from a CA with basicConstraints CA:TRUE and the key usage keyCertSign."
        case .issuerNotValid: "Renew the CA with the same name and key, and install it on all verifiers."
        case .pathInvalid: "Have the CA reissue the certificate without this problem."
        case .belowSecurityLevel:
            "Replace the key or signature by RSA 2048 or P-256 with SHA-256, or set security_level to that of its verifiers."
        case .extensionInvalid: "Have the CA reissue the certificate with each extension once and well-formed."
        case .revoked: "Replace the certificate, and find out why it was revoked."
        case .revocationListMissing: "Register the current CRL of the CA that issued the certificate."
        case .revocationListNotCurrent: "Issue a new CRL and install it: with a stale one every client is refused."
        case .revocationListInvalid: "Reissue the CRL, signed by the CA of the certificates that it covers."
        case .notYetValid: "Wait for notBefore, or correct the clock of the machine that issued the certificate."
        case .expired: "Renew the certificate."
        case .unreadableDate: "Have the CA reissue the certificate with dates as RFC 5280 4.1.2.5 requires."
        case .outlivesIssuer: "Renew the CA first: the certificate stops working when the CA expires."
        case .thresholdTooWide: "Set a share in place of the span, such as `thresholds: [33%, 10%]`."
        case .wrongPurpose: "Issue with the extended key usage of the role: clientAuth or serverAuth."
        case .notAuthority: "Use the CA's own certificate, with CA:TRUE and the key usage keyCertSign."
        case .weakKey: "Generate a new key: RSA with 2048 bits or more, or ECDSA on P-256."
        case .weakSignature: "Have the CA reissue the certificate with SHA-256."
        case .signatureNotAllowed:
            "Have the CA sign with an algorithm that the service accepts; docs/verify.md lists them."
        case .keyNotAllowed: "Use a key type that the service accepts; docs/verify.md lists them."
        case .versionNotAllowed: "Issue an X.509 version 3 certificate."
        case .keyUnreadable:
            "Name a private key in PEM that notafter may read, and its passphrase file if it is encrypted."
        case .keyMismatch: "Install the key that the certificate was issued for."
        case .keyReadableByOthers: "chmod 600 the key; if others may have read it, replace it."
        case .commonNameMismatch: "Correct the expected Common Name, or issue for the right one."
        case .alternativeNameMissing: "Issue with all subject alternative names that are expected."
        case .issuerMismatch: "Use a certificate of the expected CA, or correct the expectation."
        case .fingerprintMismatch: "Compare it with the expected certificate; this is another one."
        case .duplicateSerialNumber: "Reissue one of the two with a new serial number: a CRL cannot tell them apart."
        case .listSignatureInvalid: "Register the CA that signed the list, or reissue the list with the right CA."
        case .listNotYetCurrent:
            "Correct the clock of the machine that issued the list: until thisUpdate verifiers refuse every client."
        case .revokedSerialsUnknown:
            "Compare the list's serial numbers (notafter inspect) with those that were to be revoked, or register the certificates."
        case .revokedSerialsMisread:
            "Reissue the list with serial numbers in the form that the tool reads: cfssl gencrl takes decimal ones."
        case .nextUpdateMissing:
            "Issue the list with nextUpdate (RFC 5280 5.1.2.5); without it, verifiers cannot see that it is stale."
        }
    }
}
