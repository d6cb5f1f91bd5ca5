import Certificates

/// How a certificate or list stands by all registrations that watch it: one answer, whichever of them is asked.
///
/// The earliest end counts, and the stages of all of them: for the verifier that depends on that end, nothing later helps.
package struct ObjectStanding: Hashable, Sendable {
    /// The registrations that have a use for it; empty where successors have taken over in all of them.
    package private(set) var watchers: Set<String> = []
    /// The CA that ends it first, before its own end.
    package private(set) var authority: EarlyEnd?
    /// The revocation list without which a verifier refuses it; of several, the one that is stale first.
    package private(set) var revocationList: EarlyEnd?

    /// Watched by no registration, as far as is known.
    package init() {}

    /// Counts a registration that sees it and has a use for it.
    package mutating func add(watcher: String, authority: EarlyEnd?, revocationList: EarlyEnd?) {
        watchers.insert(watcher)
        self.authority = Self.earliest(self.authority, authority)
        self.revocationList = Self.earliest(self.revocationList, revocationList)
    }

    /// What ends something of `validity` before its own end; nil where nothing does.
    package func earlyEnd(of validity: Validity) -> EarlyEnd? {
        guard let revocationList, endByAuthorities(of: validity).isLater(than: revocationList.expiry) else {
            return authority
        }
        return revocationList
    }

    /// When a path of valid certificates to a trusted CA ends, whatever becomes of revocation lists.
    package func endByAuthorities(of validity: Validity) -> Expiry {
        authority.map { .at($0.expiry) } ?? validity.expiry
    }

    /// The state of something of `validity` on the stages of all that watch it.
    package func state(of validity: Validity, on ladder: StageLadder, at now: Instant) -> CertificateState {
        guard !watchers.isEmpty else { return .ok }
        // Days mean nothing for a list that may live for hours, and it has stages of its own; but with a stale one the
        // certificate is refused.
        if let early = earlyEnd(of: validity), early.culprit.kind == .revocationList, early.expiry < now {
            return .expired
        }
        return CertificateState(validity: validity, endingAt: endByAuthorities(of: validity), ladder: ladder, at: now)
    }

    /// The same end for equal instants, whatever the order in which they come.
    private static func earliest(_ left: EarlyEnd?, _ right: EarlyEnd?) -> EarlyEnd? {
        [left, right].compactMap(\.self).min {
            ($0.expiry, $0.culprit.fingerprint) < ($1.expiry, $1.culprit.fingerprint)
        }
    }
}
