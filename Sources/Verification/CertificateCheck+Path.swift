import Certificates
import OpenSSLBinding

extension CertificateCheck {
    /// What is wrong with the path from `leaf` to a trust anchor, as OpenSSL and so nginx would see it.
    func pathFindings(of leaf: VerifiableCertificate, at now: Instant) throws -> [CertificateFinding] {
        guard !anchors.isEmpty else {
            return checksRevocation
                ? [CertificateFinding(.revocationListInvalid, "without its CA a revocation list proves nothing")] : []
        }
        let outcome = try verifier.verify(
            leaf.parsed, intermediates: intermediates.map(\.parsed), purpose: expectations.effectivePurpose.verified,
            at: now.seconds)
        let pool = [leaf] + intermediates + anchors
        let path = outcome.path.compactMap { step in pool.first { $0.parsed === step } }
        let failures = outcome.failures.filter { !$0.reason.isAboutRevocation }
        var findings = failures.compactMap { failure in
            Self.finding(failure, of: path.indices.contains(failure.depth) ? path[failure.depth].certificate : nil)
        }
        // By our own rule and not by OpenSSL's, for which a certificate ends one second earlier.
        findings += path.dropFirst().compactMap { Self.validityFinding(ofIssuer: $0.certificate, at: now) }
        if checksRevocation {
            findings += try PathRevocation(lists: revocationLists.lists, anchors: anchors, now: now)
                .findings(on: path, failures: outcome.failures)
        }
        if checksRevocation, findings.contains(where: { $0.code.leavesRevocationOpen }) {
            findings.append(
                CertificateFinding(.revocationListInvalid, "without a verified issuer no revocation list is its own"))
        }
        return findings
    }

    /// What to tell of a failure at `certificate` of the path; nil where it is told elsewhere.
    static func finding(_ failure: VerificationFailure, of certificate: Certificate?) -> CertificateFinding? {
        let name = failure.depth == 0 ? "it" : certificate?.subject ?? "a CA of its path"
        let issuer = certificate?.issuer ?? "its issuer"
        return switch failure.reason {
        case .issuerUnknown:
            CertificateFinding(.issuerUnknown, "no path leads to a trusted CA: \(issuer) is unknown (\(failure.text))")
        case .signatureInvalid:
            CertificateFinding(.signatureInvalid, "the signature of \(name) is not by the CA \(issuer)")
        case .pathLengthExceeded:
            CertificateFinding(.pathLengthExceeded, "more CAs stand below \(name) than its path length allows")
        case .nameConstraintsViolated:
            CertificateFinding(.nameConstraintsViolated, "\(name) breaks a CA's name constraints (\(failure.text))")
        case .issuerNotAuthority:
            CertificateFinding(.issuerNotAuthority, "\(name) stands as a CA in the path and is none (\(failure.text))")
        case .wrongPurpose:
            CertificateFinding(.wrongPurpose, "\(name) may not be used for this (\(failure.text))")
        case .revoked:
            CertificateFinding(.revoked, "\(name) is on the revocation list of \(issuer)")
        case .revocationListMissing:
            CertificateFinding(.revocationListMissing, "there is no revocation list of \(issuer)")
        case .revocationListOutsideValidity:
            CertificateFinding(.revocationListNotCurrent, "the list of \(issuer) is not current (\(failure.text))")
        case .revocationListInvalid:
            CertificateFinding(.revocationListInvalid, "the list of \(issuer) is not valid (\(failure.text))")
        case .keyUnusable:
            CertificateFinding(.pathInvalid, "OpenSSL cannot use the public key of \(name)")
        case .other:
            CertificateFinding(.pathInvalid, "OpenSSL does not accept \(name) (\(failure.text))")
        case .unreadableDate:
            failure.depth == 0
                ? CertificateFinding(.unreadableDate, "OpenSSL cannot read a date of its validity (\(failure.text))")
                : CertificateFinding(.issuerNotValid, "OpenSSL cannot read a date of its CA \(name) (\(failure.text))")
        case .outsideValidity:
            nil
        }
    }

    private static func validityFinding(ofIssuer issuer: Certificate, at now: Instant) -> CertificateFinding? {
        if let notBefore = issuer.validity.notBefore, now < notBefore {
            return CertificateFinding(.issuerNotValid, "its CA \(issuer.subject) is not valid before \(notBefore)")
        }
        if case .at(let notAfter) = issuer.validity.expiry, notAfter < now {
            return CertificateFinding(.issuerNotValid, "its CA \(issuer.subject) expired at \(notAfter)")
        }
        if issuer.validity.notBefore == nil || issuer.validity.notAfter == nil {
            return CertificateFinding(.issuerNotValid, "a date of its CA \(issuer.subject) cannot be read")
        }
        return nil
    }
}

extension CertificatePurpose {
    fileprivate var verified: ChainVerifier.Purpose {
        switch self {
        case .client: .client
        case .server: .server
        case .any: .any
        }
    }
}

extension FindingCode {
    /// Whether OpenSSL may have looked for a list where none could be found.
    fileprivate var leavesRevocationOpen: Bool {
        self == .issuerUnknown || self == .signatureInvalid
    }
}
