import Certificates

/// When a certificate stops working, and why. Revocation lists do not count, since they have notices of their own
/// (docs/decisions/lists-speak-for-their-certificates.md).
package struct EffectiveExpiry: Hashable, Sendable {
    /// The certificate with the earliest end.
    package enum Cause: Hashable, Sendable {
        /// The certificate itself.
        case itself
        /// A CA that the certificate depends on.
        case issuer(Certificate)
    }

    package let expiry: Expiry
    package let because: Cause
    /// The path with the latest end, the certificate first. Only the certificate when no path leads to a trust anchor.
    package let path: [Certificate]
}

/// Finds the path with the latest end from a certificate to a trust anchor.
///
/// Renewed and cross-signed CAs give one certificate several paths, and it works as long as one of them does. A path
/// ends at the earliest notAfter on it. The search proceeds in rounds and keeps only the best path to each CA, so the
/// number of cross-signatures does not multiply the work.
package final class EffectiveExpirySearch {
    /// The maximum number of CAs in a path.
    private static let depthLimit = 10
    /// Real pools need few checks. The limit keeps a malicious pool, in which all CAs have one name, from taking
    /// seconds. Beyond it no issuer is found.
    private static let signatureCheckLimit = 1_024

    private struct Pair: Hashable {
        let certificate: Fingerprint
        let issuer: Fingerprint
    }

    private struct Route {
        let end: Int64
        let path: [VerifiableCertificate]
    }

    private let anchors: Set<Fingerprint>
    private let candidates: [VerifiableCertificate]
    private var signatures: [Pair: Bool] = [:]
    /// The pair of the leaf that OpenSSL verified last.
    private var verified: Pair?

    /// Without anchors the needed CAs are unknown, and every certificate ends at its notAfter.
    package init(anchors: [VerifiableCertificate], intermediates: [VerifiableCertificate]) {
        self.anchors = Set(anchors.map(\.certificate.fingerprint))
        var seen: Set<Fingerprint> = []
        self.candidates = (anchors + intermediates).filter { seen.insert($0.certificate.fingerprint).inserted }
    }

    /// Stores the signatures of a path that OpenSSL verified without a failure. The certificate is its first element.
    func noteVerified(_ path: [VerifiableCertificate]) {
        let identities = path.map(\.certificate.fingerprint)
        let pairs = zip(identities, identities.dropFirst()).map { Pair(certificate: $0, issuer: $1) }
        verified = pairs.first
        for pair in pairs.dropFirst() { signatures[pair] = true }
    }

    /// When `leaf` stops working.
    ///
    /// - Parameters:
    ///   - leaf: any certificate, including a CA.
    ///   - now: excludes CAs that are not valid yet.
    /// - Returns: the end of the path with the latest end, and its cause.
    package func effectiveExpiry(of leaf: VerifiableCertificate, at now: Instant) -> EffectiveExpiry {
        effectiveExpiry(of: .parsed(leaf), at: now)
    }

    /// The same for a certificate that OpenSSL may not have parsed. Without anchors it ends at its notAfter.
    func effectiveExpiry(of leaf: CheckedCertificate, at now: Instant) -> EffectiveExpiry {
        let route = leaf.verifiable.flatMap { anchors.isEmpty ? nil : longestLasting(from: $0, at: now) }
        let path = route?.path.map(\.certificate) ?? [leaf.certificate]
        let own = leaf.certificate.validity.expiry
        guard case .unreadable = own else {
            // Of several CAs with the same end, report the one nearest to the leaf, which must be renewed.
            let culprit = path.min { $0.validity.end < $1.validity.end } ?? leaf.certificate
            let isItself = culprit.fingerprint == leaf.certificate.fingerprint
            return EffectiveExpiry(
                expiry: culprit.validity.expiry, because: isItself ? .itself : .issuer(culprit), path: path)
        }
        return EffectiveExpiry(expiry: .unreadable, because: .itself, path: path)
    }

    private func longestLasting(from leaf: VerifiableCertificate, at now: Instant) -> Route? {
        guard !anchors.contains(leaf.certificate.fingerprint) else { return nil }
        var best: [Fingerprint: Route] = [:]
        var frontier = [Route(end: leaf.certificate.validity.end, path: [leaf])]
        var checksLeft = Self.signatureCheckLimit
        let identities = candidates.map(\.certificate.fingerprint)
        for _ in 0..<Self.depthLimit where !frontier.isEmpty {
            var reached: [Fingerprint: Route] = [:]
            for route in frontier {
                guard let last = route.path.last else { continue }
                for issuer in candidates {
                    let identity = issuer.certificate.fingerprint
                    let end = min(route.end, issuer.certificate.validity.end)
                    let isBetter = end > (reached[identity] ?? best[identity])?.end ?? .min
                    guard
                        isBetter, issuer.certificate.isUsable(at: now),
                        !route.path.contains(where: { $0.certificate.fingerprint == identity }),
                        issued(last, by: issuer, checksLeft: &checksLeft)
                    else { continue }
                    reached[identity] = Route(end: end, path: route.path + [issuer])
                }
            }
            best.merge(reached) { _, better in better }
            // An anchor is trusted by itself, so its issuer is irrelevant.
            frontier = identities.filter { !anchors.contains($0) }.compactMap { reached[$0] }
        }
        return identities.filter(anchors.contains).compactMap { best[$0] }.max { left, right in
            (left.end, right.path.count) < (right.end, left.path.count)
        }
    }

    private func issued(
        _ certificate: VerifiableCertificate, by issuer: VerifiableCertificate, checksLeft: inout Int
    ) -> Bool {
        guard certificate.parsed.names(asIssuer: issuer.parsed) else { return false }
        let pair = Pair(
            certificate: certificate.certificate.fingerprint, issuer: issuer.certificate.fingerprint)
        if let known = signatures[pair] { return known }
        if pair == verified { return true }
        guard checksLeft > 0 else { return false }
        checksLeft -= 1
        let isSigned = certificate.parsed.signatureVerifies(byKeyOf: issuer.parsed)
        // Cache signatures between CAs, which every leaf needs again, but not those of leaves.
        if anchors.contains(pair.certificate) || candidates.contains(where: { $0.parsed === certificate.parsed }) {
            signatures[pair] = isSigned
        }
        return isSigned
    }
}

extension Validity {
    /// The last second of validity for comparisons. An unreadable date is in the past, and "no well-defined expiry" is
    /// never reached.
    fileprivate var end: Int64 {
        switch expiry {
        case .at(let instant): instant.seconds
        case .never: .max
        case .unreadable: .min
        }
    }
}

extension Certificate {
    fileprivate func isUsable(at now: Instant) -> Bool {
        guard let notBefore = validity.notBefore, validity.notAfter != nil else { return false }
        return notBefore <= now
    }
}
