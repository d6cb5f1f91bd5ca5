import Certificates
import OpenSSLBinding

/// Turns OpenSSL's failures of a path into findings that name the certificate, the algorithm and the actual reason.
struct PathFailureExplainer {
    /// From the leaf upwards, as far as OpenSSL found issuers.
    let path: [VerifiableCertificate]
    /// The CAs that might be issuers.
    let pool: [VerifiableCertificate]
    let level: SecurityLevel

    /// The finding for `failure`. nil when another finding reports it.
    func finding(_ failure: VerificationFailure) -> CertificateFinding? {
        let step = path.indices.contains(failure.depth) ? path[failure.depth] : nil
        let name = failure.depth == 0 ? "it" : step?.certificate.subject ?? "a CA of its path"
        let holder = failure.depth == 0 ? nil : name
        func part(_ part: String) -> String { holder.map { "the \(part) of \($0)" } ?? "its \(part)" }
        switch failure.reason {
        case .issuerUnknown: return step.flatMap(rejectedIssuer) ?? Self.finding(failure, of: step?.certificate)
        case .keyUnusable: return unusableKey(of: step, heldBy: holder)
        case .keyBelowSecurityLevel:
            guard let step, step.facts.publicKey != .other else { return unusableKey(of: step, heldBy: holder) }
            return CertificateFinding(
                .belowSecurityLevel,
                "\(part("key")) (\(step.facts.publicKey)) is too weak for OpenSSL's security level \(level.rawValue)")
        case .signatureBelowSecurityLevel:
            let signature = step.map { " (\($0.facts.signature))" } ?? ""
            return CertificateFinding(
                .belowSecurityLevel,
                "\(part("signature"))\(signature) is too weak for OpenSSL's security level \(level.rawValue)")
        case .unspecified:
            if let step, step.facts.publicKey == .other { return unusableKey(of: step, heldBy: holder) }
            guard path.dropFirst(failure.depth + 1).contains(where: \.parsed.hasNameConstraints) else {
                return Self.finding(failure, of: step?.certificate)
            }
            return CertificateFinding(
                .nameConstraintsViolated, "OpenSSL does not compare so many names of \(name) with name constraints")
        case .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority, .wrongPurpose,
            .outsideValidity, .unreadableDate, .revoked, .revocationListMissing, .revocationListOfOtherScope,
            .revocationListOutsideValidity, .revocationListInvalid, .other:
            return Self.finding(failure, of: step?.certificate)
        }
    }

    /// Why a CA with the right name is not the issuer of `certificate`. nil when no CA has the name, or when the reason
    /// only means that another CA issued it.
    private func rejectedIssuer(of certificate: VerifiableCertificate) -> CertificateFinding? {
        for issuer in pool where certificate.parsed.hasIssuerNamed(as: issuer.parsed) {
            let name = issuer.certificate.subject
            switch certificate.parsed.rejection(ofIssuer: issuer.parsed) {
            case .unsupportedSignature:
                return CertificateFinding(
                    .pathInvalid,
                    "OpenSSL \(OpenSSLVersion.text) does not verify \(certificate.certificate.signatureAlgorithm), "
                        + "with which its CA \(name) signs")
            case .unusableKey: return unusableKey(of: issuer, heldBy: "its CA \(name)")
            case .invalidExtension:
                guard let flaw = issuer.facts.extensionFlaws.first else { continue }
                return CertificateFinding(.pathInvalid, "OpenSSL refuses its CA \(name): \(flaw)")
            case .mayNotSign:
                return CertificateFinding(
                    .issuerNotAuthority, "its CA \(name) may not sign certificates (no key usage keyCertSign)")
            case .algorithmMismatch, .otherKeyIdentifier, .other, nil: continue
            }
        }
        return nil
    }

    // `holder` is a CA of the path. nil stands for the leaf.
    private func unusableKey(
        of certificate: VerifiableCertificate?, heldBy holder: String?
    ) -> CertificateFinding {
        let key = certificate?.certificate.publicKey ?? ""
        // OpenSSL does not support a kind of key that it has no name for. For a known kind the encoding or the
        // parameters are wrong.
        let isKnown = ["RSA", "DSA", "EC"].contains { key.hasPrefix($0) } || key.isEmpty || key == "unknown"
        let (whole, kind) =
            holder.map { ("the public key of \($0)", "the kind of key of \($0)") }
            ?? ("its public key", "its kind of key")
        return CertificateFinding(
            .pathInvalid,
            isKnown
                ? "OpenSSL cannot use \(whole)\(key.isEmpty ? "" : " (\(key))")"
                : "OpenSSL \(OpenSSLVersion.text) does not verify \(key), \(kind)")
    }
}

extension PathFailureExplainer {
    /// The finding for a failure at `certificate` of a path, from OpenSSL's code only. nil when another finding reports
    /// it.
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
        case .revocationListOfOtherScope:
            CertificateFinding(
                .revocationListMissing,
                "the lists of \(issuer) are about other certificates than \(name) (\(failure.text))")
        case .revocationListOutsideValidity:
            CertificateFinding(.revocationListNotCurrent, "the list of \(issuer) is not current (\(failure.text))")
        case .revocationListInvalid:
            CertificateFinding(.revocationListInvalid, "the list of \(issuer) is not valid (\(failure.text))")
        case .keyUnusable, .keyBelowSecurityLevel, .signatureBelowSecurityLevel, .unspecified, .other:
            CertificateFinding(.pathInvalid, "OpenSSL does not accept \(name) (\(failure.text))")
        case .unreadableDate:
            failure.depth == 0
                ? CertificateFinding(.unreadableDate, "OpenSSL cannot read a date of its validity (\(failure.text))")
                : CertificateFinding(.issuerNotValid, "OpenSSL cannot read a date of its CA \(name) (\(failure.text))")
        case .outsideValidity:
            nil
        }
    }
}
