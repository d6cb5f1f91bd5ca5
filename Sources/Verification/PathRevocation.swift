import Certificates
import OpenSSLBinding

/// Determines the revocation findings of a path: OpenSSL's results for complete lists, and the changes by delta lists.
///
/// The leaf needs a list of its issuer. The list of a CA above it is used if it is given.
struct PathRevocation {
    /// The first certificate of a path.
    enum Start {
        case leaf
        /// A trusted CA whose own issuer is trusted too.
        case anchor
    }

    let lists: [ParsedRevocationList]
    let anchors: [VerifiableCertificate]
    let now: Instant

    /// - Throws: `OpenSSLError` when memory is exhausted.
    func findings(
        on path: [VerifiableCertificate], from start: Start = .leaf, failures: [VerificationFailure]
    ) throws -> [CertificateFinding] {
        let notified = path.indices.flatMap { depth in
            let own = failures.filter { $0.depth == depth && isReported($0, on: path, from: start) }
            return findings(at: depth, of: path, from: start, failures: own)
        }
        return try notified + findingsAbove(path)
    }

    /// Whether a failure is reported. The leaf's revocation failures always are. For a CA a missing list is not, since
    /// OpenSSL demands lists of all CAs, and nothing is for a last certificate that is not a root, whose issuer OpenSSL
    /// does not know.
    private func isReported(_ failure: VerificationFailure, on path: [VerifiableCertificate], from start: Start) -> Bool
    {
        guard failure.reason.isAboutRevocation else { return false }
        if failure.depth == 0, start == .leaf { return true }
        let isCutOff = failure.depth == path.count - 1 && !path[failure.depth].facts.isSelfIssued
        return ![.revocationListMissing, .revocationListOfOtherScope].contains(failure.reason) && !isCutOff
    }

    private func findings(
        at depth: Int, of path: [VerifiableCertificate], from start: Start, failures: [VerificationFailure]
    ) -> [CertificateFinding] {
        let certificate = path[depth]
        let own = IssuerLists(lists, of: certificate, signedBy: authorities(above: depth, of: path), at: now)
        var findings = failures.filter { $0.reason != .revoked }.compactMap { failure in
            failure.reason == .revocationListMissing && own.whyUnused != nil
                ? own.whyUnused : PathFailureExplainer.finding(failure, of: certificate.certificate)
        }
        let revoked = failures.first { $0.reason == .revoked }
        var isRevoked = revoked != nil
        var entry = revoked?.revocation?.entry
        for delta in own.deltas {
            if let flaw = own.flaw(of: delta) { findings.append(flaw) }
            guard let change = delta.entry(of: certificate.parsed) else { continue }
            if change.reason != Int(RevocationReason.removeFromCRL.rawValue) {
                (isRevoked, entry) = (true, change)
            } else if let list = revoked?.revocation.map({ lists[$0.list] }), own.mayRemove(delta, from: list) {
                (isRevoked, entry) = (false, nil)
            }
        }
        findings += own.unsignedDeltaFindings
        if isRevoked {
            let revocation = Revocation(certificate.certificate, entry)
            let flaw = RevocationFlaw.revoked(
                holder: depth == 0 && start == .leaf ? nil : certificate.certificate.subject,
                at: revocation.revokedAt, reason: revocation.reason.map { "\($0)" },
                issuer: certificate.certificate.issuer)
            findings.insert(CertificateFinding(.revoked, .revocation(flaw), revocation: revocation), at: 0)
        }
        return findings
    }

    /// The CAs of the path that may sign a list about the certificate at `depth`, nearest first: its issuer, or the
    /// same CA with another key further up (RFC 5280 6.3.3 (f)).
    private func authorities(above depth: Int, of path: [VerifiableCertificate]) -> [VerifiableCertificate] {
        let above = Array(path.dropFirst(depth + 1))
        return above.isEmpty && path[depth].facts.isSelfIssued ? [path[depth]] : above
    }

    /// Findings for the last CA of the path, when another trusted CA issued and revoked it. The path ends at that
    /// trusted CA, but the revocation still counts for nginx and for everyone who trusts only the root.
    private func findingsAbove(_ path: [VerifiableCertificate]) throws -> [CertificateFinding] {
        guard let last = path.last, !last.facts.isSelfIssued else { return [] }
        let others = anchors.filter { $0.certificate.fingerprint != last.certificate.fingerprint }
        let isIssued = others.contains {
            last.parsed.names(asIssuer: $0.parsed) && last.parsed.signatureVerifies(byKeyOf: $0.parsed)
        }
        guard isIssued, others.count < anchors.count else { return [] }
        let verifier = try ChainVerifier(anchors: others.map(\.parsed), revocationLists: lists)
        let outcome = try verifier.verify(last.parsed, at: now.seconds)
        let above = outcome.path.compactMap { step in ([last] + others).first { $0.parsed === step } }
        return try PathRevocation(lists: lists, anchors: others, now: now)
            .findings(on: above, from: .anchor, failures: outcome.failures)
    }
}

extension VerificationFailure.Reason {
    var isAboutRevocation: Bool {
        switch self {
        case .revoked, .revocationListMissing, .revocationListOfOtherScope, .revocationListOutsideValidity,
            .revocationListInvalid:
            true
        case .issuerUnknown, .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority,
            .wrongPurpose, .outsideValidity, .unreadableDate, .keyUnusable, .keyBelowSecurityLevel,
            .signatureBelowSecurityLevel, .unspecified, .other:
            false
        }
    }
}
