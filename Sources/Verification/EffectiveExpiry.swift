import Certificates

/// When a certificate really stops working, and what ends it. Of the revocation list that its verifier may need, the list
/// itself is told (docs/decisions/lists-speak-for-their-certificates.md).
package struct EffectiveExpiry: Hashable, Sendable {
    /// What has the earliest end.
    package enum Cause: Hashable, Sendable {
        /// The certificate's own notAfter.
        case itself
        /// The notAfter of a CA that it cannot do without.
        case issuer(Certificate)
    }

    package let expiry: Expiry
    package let because: Cause
    /// The path that lasts longest, the certificate first; alone where none leads to a trust anchor.
    package let path: [Certificate]
}

/// Finds the path that lasts longest from a certificate to a trust anchor.
///
/// Renewed and cross-signed CAs give one certificate several paths; it works as long as any of them does. The end of a path
/// is the earliest notAfter on it; what is looked for is the path with the latest end. It is found in rounds, each of which
/// keeps the best path to each CA, so that no number of cross-signatures multiplies.
package final class EffectiveExpirySearch {
    /// A path has at most so many CAs.
    private static let depthLimit = 10
    /// Real pools need a few; a hostile one, all of one name, shall not cost seconds. Beyond it no issuer is found.
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
    /// Of the certificate that OpenSSL has verified last.
    private var verified: Pair?

    /// Without anchors the needed CAs are unknown, and every certificate ends at its notAfter.
    package init(anchors: [VerifiableCertificate], intermediates: [VerifiableCertificate]) {
        self.anchors = Set(anchors.map(\.certificate.fingerprint))
        var seen: Set<Fingerprint> = []
        self.candidates = (anchors + intermediates).filter { seen.insert($0.certificate.fingerprint).inserted }
    }

    /// Remembers the signatures of a path that OpenSSL has verified without a failure, the certificate first.
    func noteVerified(_ path: [VerifiableCertificate]) {
        let identities = path.map(\.certificate.fingerprint)
        let pairs = zip(identities, identities.dropFirst()).map { Pair(certificate: $0, issuer: $1) }
        verified = pairs.first
        for pair in pairs.dropFirst() { signatures[pair] = true }
    }

    /// When `leaf` stops working.
    ///
    /// - Parameters:
    ///   - leaf: any certificate, a CA's too.
    ///   - now: a CA that is not yet valid cannot be counted on.
    /// - Returns: the end of the path that lasts longest, and what ends it.
    package func effectiveExpiry(of leaf: VerifiableCertificate, at now: Instant) -> EffectiveExpiry {
        effectiveExpiry(of: .parsed(leaf), at: now)
    }

    /// The same for one that OpenSSL has perhaps not parsed: where no anchor is given, it ends by itself.
    func effectiveExpiry(of leaf: CheckedCertificate, at now: Instant) -> EffectiveExpiry {
        let route = leaf.verifiable.flatMap { anchors.isEmpty ? nil : longestLasting(from: $0, at: now) }
        let path = route?.path.map(\.certificate) ?? [leaf.certificate]
        let own = leaf.certificate.validity.expiry
        guard case .unreadable = own else {
            // The first of equals, which is the nearest to the leaf, is the one to renew.
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
            // An anchor is trusted as it is: its issuer does not matter.
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
        // Between CAs it will be asked again, for every leaf; of a leaf it will not.
        if anchors.contains(pair.certificate) || candidates.contains(where: { $0.parsed === certificate.parsed }) {
            signatures[pair] = isSigned
        }
        return isSigned
    }
}

extension Validity {
    /// The last second, on one scale for all: a date that cannot be read is over, "no well-defined expiry" never is.
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
