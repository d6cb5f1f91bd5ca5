import Certificates
import OpenSSLBinding

/// Says what the revocation lists hold against the certificates of a path: what OpenSSL found with complete lists, and what
/// delta lists change about it.
///
/// The leaf has to have a list of its issuer. That of a CA above it counts where it is given.
struct PathRevocation {
    /// What the first certificate of a path is.
    enum Start {
        case leaf
        /// A trusted CA, whose own issuer is trusted too.
        case anchor
    }

    let lists: [ParsedRevocationList]
    let anchors: [VerifiableCertificate]
    let now: Instant

    /// - Throws: `OpenSSLError` where memory is short.
    func findings(
        on path: [VerifiableCertificate], from start: Start = .leaf, failures: [VerificationFailure]
    ) throws -> [CertificateFinding] {
        let told = path.indices.flatMap { depth in
            let own = failures.filter { $0.depth == depth && isTold($0, on: path, from: start) }
            return findings(at: depth, of: path, from: start, failures: own)
        }
        return try told + findingsAbove(path)
    }

    /// OpenSSL asks for lists of all CAs, and knows no issuer of the path's last certificate unless that is a root.
    private func isTold(_ failure: VerificationFailure, on path: [VerifiableCertificate], from start: Start) -> Bool {
        guard failure.reason.isAboutRevocation else { return false }
        if failure.depth == 0, start == .leaf { return true }
        let isCutOff = failure.depth == path.count - 1 && !path[failure.depth].facts.isSelfIssued
        return failure.reason != .revocationListMissing && !isCutOff
    }

    private func findings(
        at depth: Int, of path: [VerifiableCertificate], from start: Start, failures: [VerificationFailure]
    ) -> [CertificateFinding] {
        let certificate = path[depth]
        let name = depth == 0 && start == .leaf ? "it" : certificate.certificate.subject
        let issuer = issuer(at: depth, of: path)
        let delta = issuer.flatMap(newestDelta)
        var findings = failures.filter { $0.reason != .revoked }.compactMap {
            CertificateCheck.finding($0, of: certificate.certificate)
        }
        var entry = issuer.flatMap { completeLists(of: $0).lazy.compactMap { $0.entry(of: certificate.parsed) }.first }
        var isRevoked = failures.contains { $0.reason == .revoked }
        if let delta, let issuer {
            if let flaw = flaw(of: delta, issuer) { findings.append(flaw) }
            if let change = delta.entry(of: certificate.parsed), delta.signatureVerifies(byKeyOf: issuer.parsed) {
                isRevoked = change.reason != Int(RevocationReason.removeFromCRL.rawValue)
                entry = change
            }
        }
        if isRevoked {
            let revocation = Revocation(certificate.certificate, entry)
            findings.insert(
                CertificateFinding(
                    .revoked, "\(name) was revoked \(revocation.clause), says its CA \(certificate.certificate.issuer)",
                    revocation: revocation), at: 0)
        }
        return findings
    }

    /// Who issued the certificate at `depth`, among those that vouch for it.
    private func issuer(at depth: Int, of path: [VerifiableCertificate]) -> VerifiableCertificate? {
        if depth + 1 < path.count { return path[depth + 1] }
        return path[depth].facts.isSelfIssued ? path[depth] : nil
    }

    /// Those in force first, then the newest.
    private func completeLists(of issuer: VerifiableCertificate) -> [ParsedRevocationList] {
        lists.filter {
            !$0.isDelta && $0.names(asIssuer: issuer.parsed) && $0.signatureVerifies(byKeyOf: issuer.parsed)
        }.sorted { left, right in
            let (isLeft, isRight) = (left.isCurrent(at: now.seconds), right.isCurrent(at: now.seconds))
            return isLeft == isRight ? left.isNewer(than: right) : isLeft
        }
    }

    private func newestDelta(of issuer: VerifiableCertificate) -> ParsedRevocationList? {
        lists.filter { $0.isDelta && $0.names(asIssuer: issuer.parsed) }.max { $1.isNewer(than: $0) }
    }

    /// Why a delta list cannot be relied on; nil where it can.
    private func flaw(of delta: ParsedRevocationList, _ issuer: VerifiableCertificate) -> CertificateFinding? {
        let name = "the delta list of \(issuer.certificate.subject)"
        if !delta.signatureVerifies(byKeyOf: issuer.parsed) {
            return CertificateFinding(.revocationListInvalid, "\(name) is not signed by that CA")
        }
        if delta.hasUnknownCriticalExtension {
            return CertificateFinding(.revocationListInvalid, "\(name) has a critical extension that nobody here knows")
        }
        if !delta.isCurrent(at: now.seconds) {
            return CertificateFinding(.revocationListNotCurrent, "\(name) is not current")
        }
        if !completeLists(of: issuer).contains(where: delta.completes) {
            return CertificateFinding(.revocationListMissing, "\(name) completes no list that is given")
        }
        return nil
    }

    /// The path ends where it is trusted; that its last CA was revoked by another trusted CA counts nevertheless, as it
    /// does for nginx and all who trust the root alone.
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
        case .revoked, .revocationListMissing, .revocationListOutsideValidity, .revocationListInvalid: true
        case .issuerUnknown, .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority,
            .wrongPurpose, .outsideValidity, .unreadableDate, .keyUnusable, .other:
            false
        }
    }
}
