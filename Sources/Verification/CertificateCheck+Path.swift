import Certificates
import OpenSSLBinding

extension CertificateCheck {
    /// The findings about the path from `leaf` to a trust anchor, as OpenSSL and therefore nginx verify it.
    func pathFindings(of leaf: VerifiableCertificate, at now: Instant) throws -> [CertificateFinding] {
        guard !anchors.isEmpty else {
            return checksRevocation
                ? [CertificateFinding(.revocationListInvalid, .revocation(.noAuthority))] : []
        }
        let outcome = try verifier.verify(
            leaf.parsed, intermediates: intermediates.map(\.parsed), purpose: expectations.effectivePurpose.verified,
            at: now.seconds)
        let pool = [leaf] + intermediates + anchors
        let path = outcome.path.compactMap { step in pool.first { $0.parsed === step } }
        let failures = outcome.failures.filter { !$0.reason.isAboutRevocation }
        if failures.allSatisfy({ $0.reason == .outsideValidity }) { noteVerified(path) }
        let explainer = PathFailureExplainer(
            path: path, pool: intermediates + anchors, level: expectations.securityLevel)
        var findings = failures.compactMap(explainer.finding)
        // Our own rule applies here. For OpenSSL a certificate expires one second earlier.
        findings += path.dropFirst().compactMap { Self.validityFinding(ofIssuer: $0.certificate, at: now) }
        if checksRevocation {
            findings += try PathRevocation(lists: revocationLists.lists, anchors: anchors, now: now)
                .findings(on: path, failures: outcome.failures)
        }
        if checksRevocation, failures.contains(where: { $0.reason.leavesRevocationOpen }) {
            findings.append(CertificateFinding(.revocationListInvalid, .revocation(.noVerifiedIssuer)))
        }
        return findings
    }

    private static func validityFinding(ofIssuer issuer: Certificate, at now: Instant) -> CertificateFinding? {
        if let notBefore = issuer.validity.notBefore, now < notBefore {
            return CertificateFinding(
                .issuerNotValid, .path(.issuerNotYetValid(issuer: issuer.subject, notBefore: notBefore)))
        }
        if case .at(let notAfter) = issuer.validity.expiry, notAfter < now {
            return CertificateFinding(
                .issuerNotValid, .path(.issuerExpired(issuer: issuer.subject, notAfter: notAfter)))
        }
        if issuer.validity.notBefore == nil || issuer.validity.notAfter == nil {
            return CertificateFinding(
                .issuerNotValid, .path(.issuerDateUnreadable(issuer: issuer.subject, reason: nil)))
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

extension VerificationFailure.Reason {
    /// Whether OpenSSL had no verified issuer, and could therefore not use any list.
    fileprivate var leavesRevocationOpen: Bool {
        self == .issuerUnknown || self == .signatureInvalid
    }
}
