/// A problem of the path from a certificate to a trust anchor (RFC 5280 6.1).
///
/// `holder` names the CA of the path that has the problem; nil stands for the certificate itself. `reason` is OpenSSL's
/// own text.
package enum PathFlaw: Hashable, Sendable, Codable {
    case issuerUnknown(issuer: String?, reason: String)
    case signatureInvalid(holder: String?, issuer: String?)
    case pathLengthExceeded(holder: String?)
    case nameConstraintsViolated(holder: String?, reason: String)
    /// OpenSSL limits the comparisons with name constraints.
    case tooManyNames(holder: String?)
    case notAuthority(holder: String?, reason: String)
    case issuerMayNotSign(issuer: String)
    case wrongPurpose(holder: String?, reason: String)
    case notAccepted(holder: String?, reason: String)
    case keyBelowLevel(holder: String?, key: KeyFact, level: Int)
    case signatureBelowLevel(holder: String?, signature: SignatureFact?, level: Int)
    /// `key` is empty if OpenSSL does not name it.
    case keyUnusable(holder: String?, key: String)
    case keyUnsupported(holder: String?, key: String, version: String)
    case signatureUnsupported(issuer: String, algorithm: String, version: String)
    case issuerExtension(issuer: String, flaw: ExtensionFact)
    case issuerNotYetValid(issuer: String, notBefore: Instant)
    case issuerExpired(issuer: String, notAfter: Instant)
    case issuerDateUnreadable(issuer: String, reason: String?)
    /// OpenSSL cannot parse the certificate.
    case unreadable(reason: String?)
}

extension PathFlaw: Phrase {
    package var english: String {
        switch self {
        case .issuerUnknown(let issuer, let reason):
            "no path leads to a trusted CA: \(issuer ?? "its issuer") is unknown (\(reason))"
        case .signatureInvalid(let holder, let issuer):
            "the signature of \(holder ?? "it") is not by the CA \(issuer ?? "that it names")"
        case .pathLengthExceeded(let holder): "more CAs are below \(holder ?? "it") than its path length allows"
        case .nameConstraintsViolated(let holder, let reason):
            "\(holder ?? "it") breaks a CA's name constraints (\(reason))"
        case .tooManyNames(let holder):
            "OpenSSL does not compare so many names of \(holder ?? "it") with name constraints"
        case .notAuthority(let holder, let reason): "\(holder ?? "it") is in the path and is not a CA (\(reason))"
        case .issuerMayNotSign(let issuer): "its CA \(issuer) may not sign certificates (no key usage keyCertSign)"
        case .wrongPurpose(let holder, let reason): "\(holder ?? "it") may not be used for this (\(reason))"
        case .notAccepted(let holder, let reason): "OpenSSL does not accept \(holder ?? "it") (\(reason))"
        case .keyBelowLevel(let holder, let key, let level):
            "\(Self.part("key", of: holder)) (\(key.english)) is too weak for OpenSSL's security level \(level)"
        case .signatureBelowLevel(let holder, let signature, let level):
            "\(Self.part("signature", of: holder))\(signature.map { " (\($0.english))" } ?? "") is too weak for "
                + "OpenSSL's security level \(level)"
        case .keyUnusable(let holder, let key):
            "OpenSSL cannot use \(Self.part("public key", of: holder))\(key.isEmpty ? "" : " (\(key))")"
        case .keyUnsupported(let holder, let key, let version):
            "OpenSSL \(version) does not verify \(key), \(Self.part("kind of key", of: holder))"
        case .signatureUnsupported(let issuer, let algorithm, let version):
            "OpenSSL \(version) does not verify \(algorithm), with which its CA \(issuer) signs"
        case .issuerExtension(let issuer, let flaw): "OpenSSL refuses its CA \(issuer): \(flaw.english)"
        case .issuerNotYetValid(let issuer, let date): "its CA \(issuer) is not valid before \(date)"
        case .issuerExpired(let issuer, let date): "its CA \(issuer) expired at \(date)"
        case .issuerDateUnreadable(let issuer, let reason):
            "a date of its CA \(issuer) cannot be read\(reason.map { " (\($0))" } ?? "")"
        case .unreadable(let reason): "OpenSSL cannot read it\(reason.map { " (\($0))" } ?? ", and no verifier can")"
        }
    }

    private static func part(_ part: String, of holder: String?) -> String {
        holder.map { "the \(part) of \($0)" } ?? "its \(part)"
    }
}
