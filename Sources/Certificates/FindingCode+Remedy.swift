extension FindingCode {
    /// A flaw that verifiers live with is a warning; one that makes them refuse is critical; what is none is for information.
    package var severity: Severity {
        switch self {
        case .thresholdTooWide, .revokedSerialsUnknown: .info
        case .unreadableCertificate, .wentBackwards, .outlivesIssuer, .weakKey, .weakSignature, .keyReadableByOthers,
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

    /// What to do about it, in one sentence.
    package var remedy: String {
        switch self {
        case .lostFromSight: "Put it back, or correct the registration; what is known of it is watched meanwhile."
        case .unreadableCertificate: "Replace the file, or remove what is no certificate."
        case .wentBackwards: "Put the newer certificate back, or remove the older one."
        case .endpointFailing: "Run notafter probe for the endpoint, and follow what it says."
        case .clockStepped: "Set the clock right, and let chrony or systemd-timesyncd keep it so."
        case .networkUnreachable:
            "Look at this machine's network, name resolution and proxy; what its probes found meanwhile is not told."
        case .receiverRefusing:
            "Run notafter deliveries --state parked, mend the receiver or its settings, then notafter deliveries retry."
        case .receiverUnreachable:
            "Run notafter test-notify for it, mend what that names, then notafter deliveries retry."
        case .issuerNotAccepted:
            "Have our CA put back into the server's CA file before its next restart, or get a certificate of a listed CA."
        case .servedCertificateDiffers: "Reload the server if the file is newer; else look where the other one is from."
        case .servedChainIncomplete: "Put the server's certificate and all its intermediates into its file."
        case .expiredCertificateServed:
            "Take the expired certificate out of the server's chain file, and reload the server."
        case .expiredAccepted:
            "Renew the client certificate, and let the server verify dates (no crt-ignore-err, no "
                + "ignore_client_certificate_expiry)."
        case .servedCertificatesDisagree: "Bring the new certificate to every address, and reload each server."
        case .clientOutlivesIssuer:
            "Have the CA renewed with the same key, or get a certificate of its successor before the CA ends."
        case .issuerUnknown: "Register the issuing CA, or put the missing intermediate beside the certificate."
        case .signatureInvalid: "Look for a CA of the same name with another key; if there is none, distrust the file."
        case .pathLengthExceeded: "Issue from a CA whose pathLenConstraint allows the CAs below it."
        case .nameConstraintsViolated: "Issue with names that the CA's name constraints permit."
        case .issuerNotAuthority: "Issue from a CA with basicConstraints CA:TRUE and the key usage keyCertSign."
        case .issuerNotValid: "Renew the CA with the same name and key, and hand out the new one to all verifiers."
        case .pathInvalid: "Let the CA issue the certificate anew without what the message names."
        case .belowSecurityLevel:
            "Replace what the message names by RSA 2048 or P-256 with SHA-256, or set security_level as its verifiers have it."
        case .extensionInvalid: "Let the CA issue the certificate anew, with each extension once and well-formed."
        case .revoked: "Replace the certificate, and find out why it was revoked."
        case .revocationListMissing: "Give the current CRL of the CA that issued the certificate."
        case .revocationListNotCurrent: "Issue a new CRL and hand it out: with a stale one every client is refused."
        case .revocationListInvalid: "Issue the CRL anew, signed by the CA of the certificates that it is about."
        case .notYetValid: "Wait for notBefore, or set the clock right where the certificate was issued."
        case .expired: "Renew the certificate."
        case .unreadableDate: "Let the CA issue the certificate anew with dates as RFC 5280 has them."
        case .outlivesIssuer: "Renew the CA first, or plan with the CA's expiry: the certificate ends with it."
        case .thresholdTooWide: "Set a share in place of the span, such as `thresholds: [33%, 10%]`."
        case .wrongPurpose: "Issue with the extended key usage of the role: clientAuth or serverAuth."
        case .notAuthority: "Use the CA's own certificate, with CA:TRUE and the key usage keyCertSign."
        case .weakKey: "Make a new key: RSA with 2048 bits or more, or ECDSA on P-256."
        case .weakSignature: "Let the CA issue the certificate anew with SHA-256."
        case .signatureNotAllowed: "Let the CA sign with what the service takes; docs/verify.md lists it."
        case .keyNotAllowed: "Make a key of a kind that the service takes; docs/verify.md lists it."
        case .versionNotAllowed: "Issue an X.509 version 3 certificate."
        case .keyUnreadable:
            "Give the path of a private key in PEM that notafter may read, and its passphrase if it has one."
        case .keyMismatch: "Put the key that the certificate was issued for beside it."
        case .keyReadableByOthers: "chmod 600 the key; if others may have read it, replace it."
        case .commonNameMismatch: "Correct the expected Common Name, or issue for the right one."
        case .alternativeNameMissing: "Issue with all subject alternative names that are expected."
        case .issuerMismatch: "Use a certificate of the expected CA, or correct the expectation."
        case .fingerprintMismatch: "Compare with the certificate that you mean; this is another one."
        case .duplicateSerialNumber: "Reissue one of the two with a new serial number: a CRL cannot tell them apart."
        case .listSignatureInvalid: "Register the CA that signed the list, or issue the list anew with the right one."
        case .listNotYetCurrent: "Set the clock right where the list was issued: until then verifiers refuse everybody."
        case .revokedSerialsUnknown:
            "Compare the list's serial numbers (notafter inspect) with those that were to be revoked, or register the certificates."
        case .revokedSerialsMisread:
            "Issue the list anew with serial numbers in the form that the tool reads: cfssl gencrl takes decimal ones."
        case .nextUpdateMissing: "Issue the list with nextUpdate (RFC 5280 5.1.2.5), or nobody sees that it is stale."
        }
    }
}
