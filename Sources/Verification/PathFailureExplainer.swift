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
        let holder = Self.holder(of: failure, step?.certificate)
        switch failure.reason {
        case .issuerUnknown: return step.flatMap(rejectedIssuer) ?? Self.finding(failure, of: step?.certificate)
        case .keyUnusable: return unusableKey(of: step, heldBy: holder)
        case .keyBelowSecurityLevel:
            guard let step, step.facts.publicKey != .other else { return unusableKey(of: step, heldBy: holder) }
            let key = KeyFact(step.facts.publicKey)
            return CertificateFinding(
                .belowSecurityLevel, .path(.keyBelowLevel(holder: holder, key: key, level: Int(level.rawValue))))
        case .signatureBelowSecurityLevel:
            let signature = step.map { SignatureFact($0.facts.signature) }
            return CertificateFinding(
                .belowSecurityLevel,
                .path(.signatureBelowLevel(holder: holder, signature: signature, level: Int(level.rawValue))))
        case .unspecified:
            if let step, step.facts.publicKey == .other { return unusableKey(of: step, heldBy: holder) }
            guard path.dropFirst(failure.depth + 1).contains(where: \.parsed.hasNameConstraints) else {
                return Self.finding(failure, of: step?.certificate)
            }
            return CertificateFinding(.nameConstraintsViolated, .path(.tooManyNames(holder: holder)))
        case .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority, .wrongPurpose,
            .outsideValidity, .unreadableDate, .revoked, .revocationListMissing, .revocationListOfOtherScope,
            .revocationListOutsideValidity, .revocationListInvalid, .other:
            return Self.finding(failure, of: step?.certificate)
        }
    }

    /// The name of a CA of the path. nil for the leaf.
    private static func holder(of failure: VerificationFailure, _ certificate: Certificate?) -> String? {
        failure.depth == 0 ? nil : certificate?.subject ?? "a CA of its path"
    }

    /// Why a CA with the right name is not the issuer of `certificate`. nil when no CA has the name, or when the reason
    /// only means that another CA issued it.
    private func rejectedIssuer(of certificate: VerifiableCertificate) -> CertificateFinding? {
        for issuer in pool where certificate.parsed.hasIssuerNamed(as: issuer.parsed) {
            let name = issuer.certificate.subject
            switch certificate.parsed.rejection(ofIssuer: issuer.parsed) {
            case .unsupportedSignature:
                let algorithm = certificate.certificate.signatureAlgorithm
                return CertificateFinding(
                    .pathInvalid,
                    .path(.signatureUnsupported(issuer: name, algorithm: algorithm, version: OpenSSLVersion.text)))
            case .unusableKey: return unusableKey(of: issuer, heldBy: name)
            case .invalidExtension:
                guard let flaw = issuer.facts.extensionFlaws.first else { continue }
                return CertificateFinding(
                    .pathInvalid, .path(.issuerExtension(issuer: name, flaw: ExtensionFact(flaw))))
            case .mayNotSign: return CertificateFinding(.issuerNotAuthority, .path(.issuerMayNotSign(issuer: name)))
            case .algorithmMismatch, .otherKeyIdentifier, .other, nil: continue
            }
        }
        return nil
    }

    // `holder` is a CA of the path. nil stands for the leaf.
    private func unusableKey(of certificate: VerifiableCertificate?, heldBy holder: String?) -> CertificateFinding {
        let key = certificate?.certificate.publicKey ?? ""
        // OpenSSL does not support a kind of key that it has no name for. For a known kind the encoding or the
        // parameters are wrong.
        let isKnown = ["RSA", "DSA", "EC"].contains { key.hasPrefix($0) } || key.isEmpty || key == "unknown"
        return CertificateFinding(
            .pathInvalid,
            .path(
                isKnown
                    ? .keyUnusable(holder: holder, key: key)
                    : .keyUnsupported(holder: holder, key: key, version: OpenSSLVersion.text)))
    }
}

extension PathFailureExplainer {
    /// The finding for a failure at `certificate` of a path, from OpenSSL's code only. nil when another finding reports
    /// it.
    static func finding(_ failure: VerificationFailure, of certificate: Certificate?) -> CertificateFinding? {
        let (holder, reason) = (holder(of: failure, certificate), failure.text)
        let issuer = certificate?.issuer ?? "its issuer"
        return switch failure.reason {
        case .issuerUnknown:
            CertificateFinding(.issuerUnknown, .path(.issuerUnknown(issuer: certificate?.issuer, reason: reason)))
        case .signatureInvalid:
            CertificateFinding(.signatureInvalid, .path(.signatureInvalid(holder: holder, issuer: certificate?.issuer)))
        case .pathLengthExceeded:
            CertificateFinding(.pathLengthExceeded, .path(.pathLengthExceeded(holder: holder)))
        case .nameConstraintsViolated:
            CertificateFinding(
                .nameConstraintsViolated, .path(.nameConstraintsViolated(holder: holder, reason: reason)))
        case .issuerNotAuthority:
            CertificateFinding(.issuerNotAuthority, .path(.notAuthority(holder: holder, reason: reason)))
        case .wrongPurpose:
            CertificateFinding(.wrongPurpose, .path(.wrongPurpose(holder: holder, reason: reason)))
        case .revoked:
            CertificateFinding(.revoked, .revocation(.revoked(holder: holder, at: nil, reason: nil, issuer: issuer)))
        case .revocationListMissing:
            CertificateFinding(.revocationListMissing, .revocation(.listMissing(issuer: issuer)))
        case .revocationListOfOtherScope:
            CertificateFinding(
                .revocationListMissing,
                .revocation(.listOfOtherScope(issuer: issuer, holder: holder, reason: reason)))
        case .revocationListOutsideValidity:
            CertificateFinding(.revocationListNotCurrent, .revocation(.listNotCurrent(issuer: issuer, reason: reason)))
        case .revocationListInvalid:
            CertificateFinding(.revocationListInvalid, .revocation(.listInvalid(issuer: issuer, reason: reason)))
        case .keyUnusable, .keyBelowSecurityLevel, .signatureBelowSecurityLevel, .unspecified, .other:
            CertificateFinding(.pathInvalid, .path(.notAccepted(holder: holder, reason: reason)))
        case .unreadableDate:
            holder.map { name in
                CertificateFinding(.issuerNotValid, .path(.issuerDateUnreadable(issuer: name, reason: reason)))
            } ?? CertificateFinding(.unreadableDate, .certificate(.dateUnreadable(reason: reason)))
        case .outsideValidity:
            nil
        }
    }
}
