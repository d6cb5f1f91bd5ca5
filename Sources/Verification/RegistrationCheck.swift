import Certificates
import ExpiryRules
import OpenSSLBinding

/// Verifies the certificates and revocation lists of one registration, one at a time. It reads no clock and no file,
/// and must be used by one thread at a time.
package struct RegistrationCheck {
    /// A list with its DER.
    package struct EncodedList {
        package let list: RevocationList
        let der: [UInt8]
        let parsed: ParsedRevocationList

        /// - Throws: `OpenSSLError` when OpenSSL cannot parse `der`.
        package init(_ list: RevocationList, der: [UInt8]) throws(OpenSSLError) {
            self.list = list
            self.der = der
            self.parsed = try ParsedRevocationList(der: der)
        }
    }

    /// The result of verifying a certificate or list.
    package struct Verdict {
        package let findings: [CertificateFinding]
        /// The CA that ends it before its own end. nil when none does.
        package let earlyEnd: EarlyEnd.Reference?
        /// The CAs that it depends on.
        package let authorities: [Fingerprint]
        /// The list that verifiers need to accept it.
        package let revocationList: Fingerprint?
        /// When the passage of time may change this verdict. nil when it never will.
        package let reviewAt: Instant?
    }

    private let check: CertificateCheck
    private let companionCheck: CertificateCheck
    private let anchors: [VerifiableCertificate]
    private let listAuthorities: [VerifiableCertificate]
    private let lists: [EncodedList]
    private let checksRevocation: Bool
    /// The instants at which something that every verdict depends on begins or ends, in order.
    private let turningPoints: [Instant]

    /// - Parameters:
    ///   - expectations: the expectations for the registration's certificates.
    ///   - anchors: the CAs that issued them, which need not be roots. Without any, no path is verified.
    ///   - intermediates: CAs beside the certificates.
    ///   - listAuthorities: further CAs that may have signed the registration's lists.
    ///   - lists: the lists of the CAs. A certificate on one of them is reported as revoked.
    ///   - checksRevocation: whether verifiers need a current list, and refuse every client without one.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package init(
        _ expectations: CertificateExpectations, anchors: [VerifiableCertificate],
        intermediates: [VerifiableCertificate], listAuthorities: [VerifiableCertificate] = [], lists: [EncodedList],
        checksRevocation: Bool
    ) throws {
        let set = RevocationListSet(lists.map(\.parsed))
        check = try CertificateCheck(
            expectations, anchors: anchors, intermediates: intermediates, revocationLists: set)
        companionCheck = try CertificateCheck(
            CertificateExpectations(securityLevel: expectations.securityLevel), anchors: anchors,
            intermediates: intermediates, revocationLists: set)
        self.anchors = anchors
        self.listAuthorities = listAuthorities
        self.lists = lists
        self.checksRevocation = checksRevocation
        let validities = (anchors + intermediates).map(\.certificate.validity) + lists.map(\.list.validity)
        turningPoints = validities.flatMap { Self.turningPoints(of: $0) }.sorted()
    }

    /// Whether OpenSSL must parse its certificates. Otherwise `CheckedCertificate.plain` suffices.
    package var needsParsed: Bool { check.needsParsed }

    /// Verifies a certificate.
    ///
    /// - Parameters:
    ///   - certificate: a certificate of the registration.
    ///   - isCompanion: whether it is a CA beside the registered certificates, for which there are no expectations.
    ///   - now: the time of the verdict.
    /// - Returns: its findings, and what it depends on.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func verdict(
        on certificate: CheckedCertificate, isCompanion: Bool, at now: Instant
    ) throws -> Verdict {
        let examination = try (isCompanion ? companionCheck : check).examination(of: certificate, at: now)
        let found = examination.findings
        let hasNoIssuer = found.contains { [.issuerUnknown, .signatureInvalid, .pathInvalid].contains($0.code) }
        let findings = found.filter { isReported($0.code, besidesUnknownIssuer: hasNoIssuer) }
        let effective = examination.effectiveExpiry
        return Verdict(
            findings: findings, earlyEnd: Self.earlyEnd(effective),
            authorities: effective.path.dropFirst().map(\.fingerprint),
            revocationList: checksRevocation ? currentList(for: certificate.certificate)?.fingerprint : nil,
            reviewAt: nextTurn(after: now, besides: certificate.certificate.validity))
    }

    /// Verifies a list: its signature by one of the CAs, its dates, and the serial numbers that it revokes.
    ///
    /// - Parameters:
    ///   - list: a list of the registration.
    ///   - known: the certificates of the list's issuer.
    ///   - now: the time of the verdict.
    /// - Returns: its findings.
    package func verdict(on list: EncodedList, revoking known: [Certificate] = [], at now: Instant) -> Verdict {
        var findings = [signatureFinding(of: list), RevokedSerials(known).finding(of: list)].compactMap(\.self)
        if let thisUpdate = list.list.thisUpdate, now < thisUpdate {
            findings.append(CertificateFinding(.listNotYetCurrent, .list(.notYetCurrent(thisUpdate: thisUpdate))))
        }
        if list.list.nextUpdate == nil {
            findings.append(
                CertificateFinding(
                    .nextUpdateMissing,
                    .list(list.parsed.hasNextUpdate ? .nextUpdateUnreadable : .nextUpdateMissing)))
        }
        return Verdict(
            findings: findings, earlyEnd: nil, authorities: [], revocationList: nil,
            reviewAt: nextTurn(after: now, besides: list.list.validity))
    }

    /// Without a registered issuer of lists, a CA with the list's issuer name may have signed it.
    private func signatureFinding(of list: EncodedList) -> CertificateFinding? {
        let signers = (anchors + listAuthorities).filter { list.parsed.names(asIssuer: $0.parsed) }
        if signers.contains(where: { list.parsed.signatureVerifies(byKeyOf: $0.parsed) }) { return nil }
        guard signers.isEmpty else {
            return CertificateFinding(.listSignatureInvalid, .list(.signedByOther(issuer: list.list.issuer)))
        }
        return anchors.isEmpty
            ? nil
            : CertificateFinding(.listSignatureInvalid, .list(.issuerNotRegistered(issuer: list.list.issuer)))
    }

    /// An expiry is a stage and an unreadable date a defect, so they are reported elsewhere. A missing or stale list
    /// matters only when verifiers need one, and not when the issuer is unknown, which explains it.
    private func isReported(_ code: FindingCode, besidesUnknownIssuer: Bool) -> Bool {
        switch code {
        case .expired, .unreadableDate: false
        case .revocationListMissing, .revocationListNotCurrent, .revocationListInvalid:
            checksRevocation && !besidesUnknownIssuer
        default: true
        }
    }

    /// The complete list of the certificate's issuer with the latest nextUpdate.
    private func currentList(for certificate: Certificate) -> RevocationList? {
        lists.map(\.list).filter { $0.deltaBase == nil && $0.issuer == certificate.issuer && $0.nextUpdate != nil }
            .max { ($0.nextUpdate?.seconds ?? 0) < ($1.nextUpdate?.seconds ?? 0) }
    }

    private static func earlyEnd(_ effective: EffectiveExpiry) -> EarlyEnd.Reference? {
        guard case .at(let expiry) = effective.expiry, case .issuer(let issuer) = effective.because else { return nil }
        return EarlyEnd.Reference(expiry: expiry, culprit: issuer.fingerprint)
    }

    private func nextTurn(after now: Instant, besides own: Validity) -> Instant? {
        var next = turningPoints.first { $0 > now }
        for point in [own.notBefore, Self.firstSecondAfter(own)] {
            guard let point, point > now, next.map({ point < $0 }) ?? true else { continue }
            next = point
        }
        return next
    }

    /// The first second of a validity, and the first one after it.
    private static func turningPoints(of validity: Validity) -> [Instant] {
        [validity.notBefore, firstSecondAfter(validity)].compactMap(\.self)
    }

    private static func firstSecondAfter(_ validity: Validity) -> Instant? {
        validity.notAfter.flatMap { $0 < .noWellDefinedExpiry ? $0 + TimeSpan(seconds: 1) : nil }
    }
}
