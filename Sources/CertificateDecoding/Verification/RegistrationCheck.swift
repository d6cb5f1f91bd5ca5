import Certificates
import OpenSSLBinding

/// Verifies what one registration watches: its certificates and its revocation lists, one at a time. Reads no clock and no
/// file, and belongs to one thread at a time.
package struct RegistrationCheck {
    /// A list with the DER that it was read from.
    package struct EncodedList {
        package let list: RevocationList
        let parsed: ParsedRevocationList

        /// - Throws: `OpenSSLError` where OpenSSL cannot read `der`.
        package init(_ list: RevocationList, der: [UInt8]) throws(OpenSSLError) {
            self.list = list
            self.parsed = try ParsedRevocationList(der: der)
        }
    }

    /// What verification says of a certificate or list.
    package struct Verdict {
        package let findings: [CertificateFinding]
        /// What ends it before its own end; nil where nothing does.
        package let earlyEnd: EarlyEnd?
        /// The CAs and the list without which it does not work.
        package let needs: [Fingerprint]
        /// When time alone may change this verdict; nil when it never will.
        package let reviewAt: Instant?
    }

    /// An end before a certificate's own.
    package struct EarlyEnd: Hashable, Sendable {
        package let expiry: Instant
        package let culprit: Fingerprint
    }

    private let check: CertificateCheck
    private let companionCheck: CertificateCheck
    private let expirySearch: EffectiveExpirySearch
    private let anchors: [VerifiableCertificate]
    private let lists: [EncodedList]
    private let checksRevocation: Bool
    /// When something that every verdict depends on begins or ends.
    private let turningPoints: [Instant]

    /// - Parameters:
    ///   - expectations: of the registration's certificates.
    ///   - anchors: the CAs that issued them, roots or not; without any, no path is looked for.
    ///   - intermediates: CAs that lie beside the certificates.
    ///   - lists: of the CAs; whoever is on one is told as revoked.
    ///   - checksRevocation: whether verifiers need a current list, and refuse everybody without.
    /// - Throws: `OpenSSLError` where memory is short.
    package init(
        _ expectations: CertificateExpectations, anchors: [VerifiableCertificate],
        intermediates: [VerifiableCertificate], lists: [EncodedList], checksRevocation: Bool
    ) throws {
        let set = RevocationListSet(lists.map(\.parsed))
        check = try CertificateCheck(
            expectations, anchors: anchors, intermediates: intermediates, revocationLists: set)
        companionCheck = try CertificateCheck(
            CertificateExpectations(), anchors: anchors, intermediates: intermediates, revocationLists: set)
        expirySearch = EffectiveExpirySearch(anchors: anchors, intermediates: intermediates)
        self.anchors = anchors
        self.lists = lists
        self.checksRevocation = checksRevocation
        let validities = (anchors + intermediates).map(\.certificate.validity) + lists.map(\.list.validity)
        turningPoints = validities.flatMap { Self.turningPoints(of: $0) }
    }

    /// Judges a certificate.
    ///
    /// - Parameter isCompanion: whether it is a CA that lies beside the certificates that are meant, of which nothing is
    ///   expected.
    /// - Throws: `OpenSSLError` where memory is short.
    package func verdict(
        on certificate: VerifiableCertificate, isCompanion: Bool, at now: Instant
    ) throws -> Verdict {
        let findings = try (isCompanion ? companionCheck : check).findings(of: certificate, at: now)
            .filter { isTold($0.code) }
        let list = checksRevocation ? currentList(for: certificate.certificate) : nil
        let effective = expirySearch.effectiveExpiry(
            of: certificate, revocationListUntil: list?.nextUpdate, at: now)
        let authorities = effective.path.dropFirst().map(\.fingerprint)
        return Verdict(
            findings: findings, earlyEnd: Self.earlyEnd(effective, list: list),
            needs: authorities + (list.map { [$0.fingerprint] } ?? []),
            reviewAt: nextTurn(after: now, besides: Self.turningPoints(of: certificate.certificate.validity)))
    }

    /// Judges a list: whether one of the CAs signed it, and whether its dates are of use.
    package func verdict(on list: EncodedList, at now: Instant) -> Verdict {
        var findings: [CertificateFinding] = []
        let signers = anchors.filter { list.parsed.isIssued(by: $0.parsed) }
        if !anchors.isEmpty, !signers.contains(where: { list.parsed.signatureVerifies(byKeyOf: $0.parsed) }) {
            findings.append(
                CertificateFinding(
                    .listSignatureInvalid,
                    signers.isEmpty
                        ? "no registered CA is its issuer \(list.list.issuer)"
                        : "its signature is not by the key of its CA \(list.list.issuer)"))
        }
        if let thisUpdate = list.list.thisUpdate, now < thisUpdate {
            findings.append(CertificateFinding(.listNotYetCurrent, "its thisUpdate is in the future, \(thisUpdate)"))
        }
        if list.list.nextUpdate == nil {
            findings.append(CertificateFinding(.nextUpdateMissing, "it does not say when the next list is due"))
        }
        return Verdict(
            findings: findings, earlyEnd: nil, needs: [],
            reviewAt: nextTurn(after: now, besides: Self.turningPoints(of: list.list.validity)))
    }

    /// An expiry is a stage, and an unreadable date a defect: both are told elsewhere. That a list is missing or stale is
    /// the registration's trouble only where its verifiers need one.
    private func isTold(_ code: FindingCode) -> Bool {
        switch code {
        case .expired, .unreadableDate: false
        case .revocationListMissing, .revocationListNotCurrent, .revocationListInvalid: checksRevocation
        default: true
        }
    }

    /// The complete list of the certificate's issuer that lasts longest.
    private func currentList(for certificate: Certificate) -> RevocationList? {
        lists.map(\.list).filter { $0.deltaBase == nil && $0.issuer == certificate.issuer && $0.nextUpdate != nil }
            .max { ($0.nextUpdate?.seconds ?? 0) < ($1.nextUpdate?.seconds ?? 0) }
    }

    private static func earlyEnd(_ effective: EffectiveExpiry, list: RevocationList?) -> EarlyEnd? {
        guard case .at(let expiry) = effective.expiry else { return nil }
        return switch effective.because {
        case .itself: nil
        case .issuer(let issuer): EarlyEnd(expiry: expiry, culprit: issuer.fingerprint)
        case .revocationList: list.map { EarlyEnd(expiry: expiry, culprit: $0.fingerprint) }
        }
    }

    private func nextTurn(after now: Instant, besides own: [Instant]) -> Instant? {
        (turningPoints + own).filter { $0 > now }.min()
    }

    /// The first second of a validity, and the first after it.
    private static func turningPoints(of validity: Validity) -> [Instant] {
        let end = validity.notAfter.flatMap { $0 < .noWellDefinedExpiry ? $0 + TimeSpan(seconds: 1) : nil }
        return [validity.notBefore, end].compactMap(\.self)
    }
}
