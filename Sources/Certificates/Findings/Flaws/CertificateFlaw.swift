/// A problem of a certificate that does not depend on its path: its dates, purpose, strength, key or names.
package enum CertificateFlaw: Hashable, Sendable, Codable {
    /// `reason` is OpenSSL's own text; nil if our own decoder cannot read the date.
    case dateUnreadable(reason: String?)
    case notYetValid(notBefore: Instant)
    case expired(notAfter: Instant)
    case outlivesIssuer(issuer: String, end: Instant)
    /// The spans, the longest first, and the lifetime, in seconds.
    case thresholdsTooWide(spans: [TimeSpan], lifetime: TimeSpan)
    case noAuthorityFlag
    case noCertificateSigning
    /// The extended key usage that is missing, by its name; `hasAny`: it has anyExtendedKeyUsage instead.
    case usageMissing(usage: String, hasAny: Bool)
    case keyWeak(KeyFact)
    case signatureWeak(SignatureFact)
    case keyMismatch(path: String)
    case keyUnreadable(path: String, trouble: KeyFileTrouble)
    case keyReadableByOthers(path: String, mode: String)
    case commonNameDiffers(names: [String], expected: String)
    case issuerDiffers(names: [String], expected: String)
    case serverNameMissing
    case nameMissing(expected: String)
    case fingerprintDiffers(fingerprint: String, expected: String)
    case serialNumberShared(serialNumber: String)
    case serialNumberSharedByMany(count: Int, issuer: String, serialNumber: String)
    case extensionFlawed(ExtensionFact)
    /// The service accepts CA certificates only. `service` is the raw value of its profile.
    case serviceWantsAuthority(service: AuthorityProfile)
    case serviceRefusesSignature(service: AuthorityProfile, signature: SignatureFact)
    case serviceRefusesKey(service: AuthorityProfile, key: KeyFact)
    case serviceRefusesVersion(service: AuthorityProfile, version: Int)
}

/// Why a private key cannot be compared with its certificate.
package enum KeyFileTrouble: Hashable, Sendable, Codable {
    /// What a file holds in place of a private key in PEM.
    package enum Content: String, Hashable, Sendable, Codable, CaseIterable {
        case nothing
        case markup
        case keyInDER
        case certificateRequest
        case publicKey
        case otherPEM
        case unknown
    }

    case encrypted
    case noKey(instead: Content)
    /// The text of the system or of OpenSSL.
    case failed(reason: String)
}

extension CertificateFlaw: Phrase {
    package var english: String {
        switch self {
        case .dateUnreadable(nil): "a date of its validity cannot be read"
        case .dateUnreadable(let reason?): "OpenSSL cannot read a date of its validity (\(reason))"
        case .notYetValid(let date): "it is not valid before \(date)"
        case .expired(let date): "it expired at \(date)"
        case .outlivesIssuer(let issuer, let end): "it ends with its CA \(issuer) at \(end), before its own notAfter"
        case .thresholdsTooWide(let spans, let lifetime):
            "the \(agreeing(spans.count, "threshold", "thresholds")) \(listed(spans.map(\.description))) "
                + "\(agreeing(spans.count, "covers", "cover")) most of its life of \(CountedTime(lifetime))"
        case .noAuthorityFlag: "it is registered as a CA and is none (no CA:TRUE)"
        case .noCertificateSigning: "it may not sign certificates (no key usage keyCertSign)"
        case .usageMissing(let usage, let hasAny):
            "its extended key usage does not have \(usage)"
                + (hasAny ? "; OpenSSL does not accept anyExtendedKeyUsage instead" : "")
        case .keyWeak(let key): "its key is weak (\(key.english))"
        case .signatureWeak(let signature): "its signature is weak (\(signature.english))"
        case .keyMismatch(let path): "the key in \(path) is not its key"
        case .keyUnreadable(let path, let trouble): "\(path) \(trouble.english)"
        case .keyReadableByOthers(let path, let mode): "others than its owner have access to \(path) (\(mode))"
        case .commonNameDiffers(let names, let expected): "its Common Name is \(Self.names(names)), and not \(expected)"
        case .issuerDiffers(let names, let expected):
            "its issuer's Common Name is \(Self.names(names)), and not \(expected)"
        case .serverNameMissing:
            "it is for a server and has no alternative name, without which clients refuse it (RFC 9525)"
        case .nameMissing(let expected): "\(expected) is not among its alternative names"
        case .fingerprintDiffers(let fingerprint, let expected): "its SHA-256 is \(fingerprint), and not \(expected)"
        case .serialNumberShared(let number): "another certificate of its issuer has its serial number \(number)"
        case .serialNumberSharedByMany(let count, let issuer, let number):
            "\(counted(count, "certificate")) of \(issuer) have the serial number \(number)"
        case .extensionFlawed(let flaw): flaw.english
        case .serviceWantsAuthority(let service): "\(service) accepts CA certificates only, with CA:TRUE"
        case .serviceRefusesSignature(let service, let signature):
            "\(service) does not accept a signature by \(signature.english)"
        case .serviceRefusesKey(let service, let key): "\(service) does not accept the key (\(key.english))"
        case .serviceRefusesVersion(let service, let version):
            "\(service) accepts X.509 version 3 only, and this is version \(version)"
        }
    }

    private static func names(_ names: [String]) -> String {
        names.isEmpty ? "missing" : names.joined(separator: " and ")
    }
}

extension KeyFileTrouble: Phrase {
    /// A clause to follow the file's name.
    package var english: String {
        switch self {
        case .encrypted: "is encrypted, and no passphrase is given for it"
        case .noKey(let content): "holds no private key in PEM\(Self.instead(content))"
        case .failed(let reason): reason
        }
    }

    package var japanese: String {
        switch self {
        case .encrypted: "は暗号化されていますが、パスフレーズが指定されていません"
        case .noKey(let content): "にPEM形式の秘密鍵がありません\(JapaneseText.remark(Self.japaneseName(of: content)))"
        case .failed(let reason): "を読み取れません（\(JapaneseText.quoted(reason))）"
        }
    }

    private static func instead(_ content: Content) -> String {
        switch content {
        case .nothing: ": it is empty"
        case .markup: ": it is an HTML or XML document"
        case .keyInDER: ": it is one in DER; openssl pkey -inform DER -out FILE converts it"
        case .certificateRequest: ": it is a certificate request"
        case .publicKey: ": it is a public key"
        case .otherPEM: ": it holds a certificate or another PEM"
        case .unknown: ""
        }
    }

    private static func japaneseName(of content: Content) -> String? {
        switch content {
        case .nothing: "空のファイルです"
        case .markup: "HTMLまたはXMLの文書です"
        case .keyInDER: "DER形式の秘密鍵のため、「openssl pkey -inform DER -out FILE」で変換してください"
        case .certificateRequest: "証明書署名要求です"
        case .publicKey: "公開鍵です"
        case .otherPEM: "証明書などのPEMです"
        case .unknown: nil
        }
    }
}
