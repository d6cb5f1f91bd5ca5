import Certificates
import OpenSSLBinding

/// Finds all problems of a certificate, given the trust anchors and the expectations. It reads no clock and no file.
///
/// One value checks any number of certificates of one registration. It must be used by one thread at a time.
package struct CertificateCheck {
    let expectations: CertificateExpectations
    let anchors: [VerifiableCertificate]
    let intermediates: [VerifiableCertificate]
    let revocationLists: RevocationListSet
    let verifier: ChainVerifier
    private let expirySearch: EffectiveExpirySearch

    /// The result of checking one certificate.
    struct Examination {
        /// In the order of `FindingCode`.
        let findings: [CertificateFinding]
        let effectiveExpiry: EffectiveExpiry
    }

    /// - Parameters:
    ///   - expectations: what is checked. Fields that are nil are not.
    ///   - anchors: the trusted CAs, which need not be roots. Without any, no path is verified.
    ///   - intermediates: CAs that a path may contain, including those that come with the certificate.
    ///   - revocationLists: with any list, the certificate's issuer must have one among them.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package init(
        _ expectations: CertificateExpectations, anchors: [VerifiableCertificate] = [],
        intermediates: [VerifiableCertificate] = [], revocationLists: RevocationListSet = RevocationListSet()
    ) throws {
        self.expectations = expectations
        self.anchors = anchors
        self.intermediates = intermediates
        self.revocationLists = revocationLists
        self.verifier = try ChainVerifier(
            anchors: anchors.map(\.parsed), revocationLists: revocationLists.lists,
            securityLevel: expectations.securityLevel)
        self.expirySearch = EffectiveExpirySearch(anchors: anchors, intermediates: intermediates)
    }

    /// All findings of `leaf` at `now`, in the order of `FindingCode`.
    ///
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func findings(of leaf: VerifiableCertificate, at now: Instant) throws -> [CertificateFinding] {
        try examination(of: .parsed(leaf), at: now).findings
    }

    /// Whether OpenSSL must parse a certificate for this check. It must for a path, a key pair or a profile, which
    /// needs facts that our own decoder does not verify.
    var needsParsed: Bool {
        !anchors.isEmpty || checksRevocation || expectations.key != nil || expectations.profile != nil
    }

    /// All findings of `leaf` at `now`, and when it stops working.
    ///
    /// - Throws: `OpenSSLError` when memory is exhausted.
    func examination(of leaf: CheckedCertificate, at now: Instant) throws -> Examination {
        let flaws = leaf.facts.extensionFlaws
        // Verified before the search for the expiry, which needs the same signatures.
        let path = flaws.isEmpty ? try leaf.verifiable.map { try pathFindings(of: $0, at: now) } ?? [] : []
        let effective = expirySearch.effectiveExpiry(of: leaf, at: now)
        let regardless =
            validityFindings(of: leaf, ending: effective, at: now) + strengthFindings(of: leaf) + keyFindings(of: leaf)
        let names = nameFindings(of: leaf)
        let found: [CertificateFinding]
        if flaws.isEmpty {
            found =
                purposeFindings(of: leaf) + path + regardless + (expectations.profile?.findings(of: leaf.facts) ?? [])
                + names
        } else {
            // OpenSSL then parses no extension, so findings about purpose, path or names would be unfounded.
            let facts = flaws.map { FlawFact.certificate(.extensionFlawed(ExtensionFact($0))) }
            found =
                [CertificateFinding(.extensionInvalid, facts)] + regardless
                + names.filter { $0.code != .alternativeNameMissing }
        }
        return Examination(findings: Self.ordered(found), effectiveExpiry: effective)
    }

    /// Role and profile both require a CA, and we and OpenSSL both check the purpose. Each code is reported once, with
    /// our own message if there is one.
    private static func ordered(_ found: [CertificateFinding]) -> [CertificateFinding] {
        guard found.count > 1 else { return found }
        return FindingCode.allCases.flatMap { code in
            found.filter { $0.code == code }.prefix(repeated.contains(code) ? .max : 1)
        }
    }

    /// Stores the signatures that OpenSSL verified on the path from a certificate to its anchor.
    func noteVerified(_ path: [VerifiableCertificate]) {
        expirySearch.noteVerified(path)
    }

    /// Codes that may occur several times, each for another name or certificate.
    private static let repeated: Set<FindingCode> = [
        .alternativeNameMissing, .revoked, .pathInvalid, .belowSecurityLevel,
    ]

    var checksRevocation: Bool { !revocationLists.isEmpty }
}

extension CertificateCheck {
    private func validityFindings(
        of leaf: CheckedCertificate, ending effective: EffectiveExpiry, at now: Instant
    ) -> [CertificateFinding] {
        let validity = leaf.certificate.validity
        var findings: [CertificateFinding] = []
        if validity.notBefore == nil || validity.notAfter == nil {
            findings.append(CertificateFinding(.unreadableDate, .certificate(.dateUnreadable(reason: nil))))
        }
        if let notBefore = validity.notBefore, now < notBefore {
            findings.append(CertificateFinding(.notYetValid, .certificate(.notYetValid(notBefore: notBefore))))
        }
        if case .at(let notAfter) = validity.expiry, notAfter < now {
            findings.append(CertificateFinding(.expired, .certificate(.expired(notAfter: notAfter))))
        }
        if case .issuer(let issuer) = effective.because, case .at(let end) = effective.expiry {
            findings.append(
                CertificateFinding(
                    .outlivesIssuer, .certificate(.outlivesIssuer(issuer: issuer.subject, end: end))))
        }
        return findings
    }

    private func purposeFindings(of leaf: CheckedCertificate) -> [CertificateFinding] {
        var findings: [CertificateFinding] = []
        if expectations.role == .ca {
            switch leaf.facts.authority {
            case .authority: break
            case .withoutCAFlag:
                findings.append(CertificateFinding(.notAuthority, .certificate(.noAuthorityFlag)))
            case .withoutCertificateSigning:
                findings.append(CertificateFinding(.notAuthority, .certificate(.noCertificateSigning)))
            }
        }
        guard let usage = leaf.facts.extendedKeyUsage else { return findings }
        let needed: (usage: ExtendedKeyUsage, name: String)
        switch expectations.effectivePurpose {
        case .client: needed = (.client, "clientAuth")
        case .server: needed = (.server, "serverAuth")
        case .any: return findings
        }
        if !usage.contains(needed.usage) {
            // OpenSSL, and therefore nginx, does not accept anyExtendedKeyUsage in its place. Go does.
            findings.append(
                CertificateFinding(
                    .wrongPurpose, .certificate(.usageMissing(usage: needed.name, hasAny: usage.contains(.any)))))
        }
        return findings
    }

    private func strengthFindings(of leaf: CheckedCertificate) -> [CertificateFinding] {
        var findings: [CertificateFinding] = []
        let isWeakKey =
            switch leaf.facts.publicKey {
            case .rsa(let bits): bits < 2_048
            case .ellipticCurve(_, let bits): bits < 224
            case .dsa: true
            case .edwards, .other: false
            }
        if isWeakKey {
            findings.append(CertificateFinding(.weakKey, .certificate(.keyWeak(KeyFact(leaf.facts.publicKey)))))
        }
        // Verifiers do not check the signature of a self-signed root.
        if !leaf.facts.isSelfIssued, [.md5OrOlder, .sha1].contains(leaf.facts.signature.digest) {
            findings.append(
                CertificateFinding(.weakSignature, .certificate(.signatureWeak(SignatureFact(leaf.facts.signature)))))
        }
        return findings
    }

    private func keyFindings(of leaf: CheckedCertificate) -> [CertificateFinding] {
        guard let key = expectations.key, let leaf = leaf.verifiable else { return [] }
        var findings: [CertificateFinding] = []
        do throws(UnusableKey) {
            if try !key.isKey(of: leaf) {
                findings.append(CertificateFinding(.keyMismatch, .certificate(.keyMismatch(path: key.path))))
            }
        } catch {
            findings.append(
                CertificateFinding(
                    .keyUnreadable, .certificate(.keyUnreadable(path: key.path, trouble: error.trouble))))
            guard error.content == .key else { return findings }
        }
        if let mode = key.openMode {
            findings.append(
                CertificateFinding(.keyReadableByOthers, .certificate(.keyReadableByOthers(path: key.path, mode: mode)))
            )
        }
        return findings
    }

    private func nameFindings(of leaf: CheckedCertificate) -> [CertificateFinding] {
        var findings: [CertificateFinding] = []
        if let expected = expectations.commonName, !Self.all(leaf.facts.commonNames, match: expected) {
            findings.append(
                CertificateFinding(
                    .commonNameMismatch,
                    .certificate(.commonNameDiffers(names: leaf.facts.commonNames, expected: "\(expected)"))))
        }
        if let expected = expectations.issuerCommonName, !Self.all(leaf.facts.issuerCommonNames, match: expected) {
            findings.append(
                CertificateFinding(
                    .issuerMismatch,
                    .certificate(.issuerDiffers(names: leaf.facts.issuerCommonNames, expected: "\(expected)"))))
        }
        let isNameless = leaf.certificate.subjectAlternativeNames.isEmpty && expectations.alternativeNames.isEmpty
        if isNameless, isForServer(leaf), !leaf.certificate.isCA {
            findings.append(CertificateFinding(.alternativeNameMissing, .certificate(.serverNameMissing)))
        }
        for expected in expectations.alternativeNames where !Self.holds(leaf.certificate, expected) {
            findings.append(
                CertificateFinding(.alternativeNameMissing, .certificate(.nameMissing(expected: expected))))
        }
        if let expected = expectations.fingerprint, leaf.certificate.fingerprint != expected {
            findings.append(
                CertificateFinding(
                    .fingerprintMismatch,
                    .certificate(
                        .fingerprintDiffers(
                            fingerprint: "\(leaf.certificate.fingerprint)", expected: "\(expected)"))))
        }
        return findings
    }

    /// Whether servers present it. A certificate whose extended key usage excludes that is not. Without expectations
    /// the usage must allow it explicitly.
    private func isForServer(_ leaf: CheckedCertificate) -> Bool {
        let allowsServer = leaf.facts.extendedKeyUsage?.contains(.server)
        return switch (expectations.purpose, expectations.role) {
        case (nil, nil): allowsServer == true
        default: expectations.effectivePurpose == .server && allowsServer ?? true
        }
    }

    /// Verifiers use the first, the last or any of several Common Names, so all of them must match.
    private static func all(_ names: [String], match pattern: NamePattern) -> Bool {
        !names.isEmpty && names.allSatisfy(pattern.matches)
    }

    /// DNS names are compared without regard to case (RFC 5280 7.2).
    private static func holds(_ certificate: Certificate, _ expected: String) -> Bool {
        certificate.subjectAlternativeNames.contains { name in
            let value = name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
            return name == expected || value == expected
                || (name.hasPrefix("DNS:")
                    && [name.lowercased(), value.lowercased()].contains(expected.lowercased()))
        }
    }
}
