import Certificates

/// The combined state of a certificate or list over all registrations that watch it.
///
/// The earliest end counts, and the stages of all registrations, because a verifier that depends on the earliest end
/// does not benefit from a later one.
package struct ObjectStanding: Hashable, Sendable {
    /// The registrations that need it; empty if successors have replaced it in all of them.
    package private(set) var watchers: Set<String> = []
    /// The CA with the earliest end before the object's own notAfter.
    package private(set) var authority: EarlyEnd?
    /// The revocation list that a verifier needs; of several, the one that becomes stale first.
    package private(set) var revocationList: EarlyEnd?

    /// The state of an object without watchers.
    package init() {}

    /// Adds a registration that sees and needs the object.
    package mutating func add(watcher: String, authority: EarlyEnd?, revocationList: EarlyEnd?) {
        watchers.insert(watcher)
        self.authority = Self.earliest(self.authority, authority)
        self.revocationList = Self.earliest(self.revocationList, revocationList)
    }

    /// The early end of an object with `validity`; nil without one.
    package func earlyEnd(of validity: Validity) -> EarlyEnd? {
        guard let revocationList, endByAuthorities(of: validity).isLater(than: revocationList.expiry) else {
            return authority
        }
        return revocationList
    }

    /// When the path of valid certificates to a trusted CA ends, regardless of revocation lists.
    package func endByAuthorities(of validity: Validity) -> Expiry {
        authority.map { .at($0.expiry) } ?? validity.expiry
    }

    /// The state of an object with `validity` on the ladder of all its watchers.
    package func state(of validity: Validity, on ladder: StageLadder, at now: Instant) -> CertificateState {
        state(of: validity, at: now) { CertificateState(validity: validity, endingAt: $0, ladder: ladder, at: now) }
    }

    /// The state of an object with `validity` by two thresholds of the caller.
    package func state(
        of validity: Validity, warning: Threshold, critical: Threshold, at now: Instant
    ) -> CertificateState {
        state(of: validity, at: now) {
            CertificateState(validity: validity, endingAt: $0, warning: warning, critical: critical, at: now)
        }
    }

    private func state(
        of validity: Validity, at now: Instant, byDates: (Expiry) -> CertificateState
    ) -> CertificateState {
        guard !watchers.isEmpty else { return .ok }
        // A revocation list has stages of its own, since it may live only hours. But with a stale list, verifiers
        // refuse the certificate.
        if let early = earlyEnd(of: validity), early.culprit.kind == .revocationList, early.expiry < now {
            return .expired
        }
        return byDates(endByAuthorities(of: validity))
    }

    /// The earlier end. For equal instants the choice does not depend on their order.
    private static func earliest(_ left: EarlyEnd?, _ right: EarlyEnd?) -> EarlyEnd? {
        [left, right].compactMap(\.self).min {
            ($0.expiry, $0.culprit.fingerprint) < ($1.expiry, $1.culprit.fingerprint)
        }
    }
}
