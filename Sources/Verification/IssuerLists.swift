import Certificates
import OpenSSLBinding

/// The revocation lists of one certificate's issuer. It handles what complete lists omit, and the delta lists that
/// change them (RFC 5280 5.2.4).
struct IssuerLists {
    /// The newest delta list of each scope, signed by a CA of the path. Those that a complete list of their scope
    /// replaces are excluded.
    let deltas: [ParsedRevocationList]
    private let lists: [ParsedRevocationList]
    private let authorities: [VerifiableCertificate]
    private let issuer: String
    private let namesOtherListIssuer: Bool
    private let now: Instant

    /// - Parameters:
    ///   - lists: lists of any issuer.
    ///   - certificate: the certificate to check.
    ///   - authorities: the CAs above it, one of which must have signed a list.
    ///   - now: the time of verification.
    init(
        _ lists: [ParsedRevocationList], of certificate: VerifiableCertificate,
        signedBy authorities: [VerifiableCertificate], at now: Instant
    ) {
        self.lists = lists.filter { $0.hasIssuer(of: certificate.parsed) }
        self.authorities = authorities
        self.now = now
        issuer = certificate.certificate.issuer
        namesOtherListIssuer = certificate.parsed.namesOtherListIssuer
        // Verifying the signature of a long list is slow, so complete lists are verified only if there is a delta list.
        let candidates = self.lists.filter { $0.isDelta && Self.isSigned($0, by: authorities) }
        let complete = candidates.isEmpty ? [] : Self.complete(self.lists, signedBy: authorities)
        var newest: [ParsedRevocationList] = []
        for delta in candidates
        where !complete.contains(where: { $0.replaces(delta) && $0.isCurrent(at: now.seconds) }) {
            guard let index = newest.firstIndex(where: { $0.hasScope(of: delta) }) else {
                newest.append(delta)
                continue
            }
            if delta.isNewer(than: newest[index]) { newest[index] = delta }
        }
        deltas = newest
    }

    private static func isSigned(
        _ list: ParsedRevocationList, by authorities: [VerifiableCertificate]
    ) -> Bool {
        authorities.contains { list.names(asIssuer: $0.parsed) && list.signatureVerifies(byKeyOf: $0.parsed) }
    }

    private static func complete(
        _ lists: [ParsedRevocationList], signedBy authorities: [VerifiableCertificate]
    ) -> [ParsedRevocationList] {
        lists.filter { !$0.isDelta && isSigned($0, by: authorities) }
    }

    /// Whether `delta` removes a revocation of `list`. An unreliable delta list removes none.
    func mayRemove(_ delta: ParsedRevocationList, from list: ParsedRevocationList) -> Bool {
        delta.completes(list) && flaw(of: delta) == nil
    }

    /// Why a delta list is not reliable. nil when it is.
    func flaw(of delta: ParsedRevocationList) -> CertificateFinding? {
        if delta.hasUnknownCriticalExtension {
            return CertificateFinding(.revocationListInvalid, .revocation(.deltaWithCriticalExtension(issuer: issuer)))
        }
        if !delta.isCurrent(at: now.seconds) {
            return CertificateFinding(.revocationListNotCurrent, .revocation(.deltaNotCurrent(issuer: issuer)))
        }
        if !Self.complete(lists, signedBy: authorities).contains(where: delta.completes) {
            return CertificateFinding(.revocationListMissing, .revocation(.deltaWithoutBase(issuer: issuer)))
        }
        return nil
    }

    /// Findings for delta lists with the issuer's name that the issuer did not sign.
    var unsignedDeltaFindings: [CertificateFinding] {
        lists.allSatisfy { !$0.isDelta || Self.isSigned($0, by: authorities) }
            ? [] : [CertificateFinding(.revocationListInvalid, .revocation(.deltaSignedByOther(issuer: issuer)))]
    }

    /// Why OpenSSL uses none of the given complete lists. nil when it could use one, or when the reason is unknown.
    var whyUnused: CertificateFinding? {
        let given = lists.filter { !$0.isDelta }
        for list in given where Self.isSigned(list, by: authorities) {
            switch list.partition {
            case .indirect:
                return CertificateFinding(.revocationListMissing, .revocation(.listIndirect(issuer: issuer)))
            case .someReasons:
                return CertificateFinding(.revocationListMissing, .revocation(.listOfSomeReasons(issuer: issuer)))
            case .unusable:
                return CertificateFinding(
                    .revocationListInvalid, .revocation(.distributionPointInvalid(issuer: issuer)))
            case nil: return nil
            }
        }
        guard !given.isEmpty else {
            return namesOtherListIssuer
                ? CertificateFinding(.revocationListMissing, .revocation(.otherListIssuer(issuer: issuer))) : nil
        }
        return CertificateFinding(.revocationListInvalid, .revocation(.listSignedByOther(issuer: issuer)))
    }
}
