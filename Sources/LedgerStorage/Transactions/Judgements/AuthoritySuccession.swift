import Certificates
import ExpiryRules

/// Decides which CAs of one registration are no longer needed, inside one transaction.
///
/// Around a renewal a bundle contains the old CA and its successor of the same name. The old CA may expire once no
/// verified path of a registered certificate needs it. If no certificate of these CAs is registered, it is unknown
/// which CA is needed, so both are watched.
struct AuthoritySuccession {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    func settle() throws -> [Int64] {
        let changed = try changes()
        for (fingerprint, successor) in changed {
            try session.judgements.setSuccessor(successor, of: fingerprint, in: registration)
        }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try changed.flatMap { try standing.reconsider($0.0) }
    }

    /// The CAs whose successor differs from the recorded one, with their new successor.
    private func changes() throws -> [(Fingerprint, Fingerprint?)] {
        let reader = AuthorityReader(session: session, registration: registration)
        let verified = try reader.verified()
        guard !verified.isEmpty else { return [] }
        let candidates = try reader.candidates(at: now)
        let dependents = try namesOfDependents()
        return try verified.compactMap { authority in
            var heir = authority.notAfter.flatMap { notAfter in
                candidates[authority.subject].flatMap { $0.notAfter > notAfter ? $0.fingerprint : nil }
            }
            if heir != nil, try isNeeded(authority.fingerprint, by: dependents) { heir = nil }
            return heir == authority.successor ? nil : (authority.fingerprint, heir)
        }
    }

    /// The registrations that name this one as their issuer and have verified certificates.
    private func namesOfDependents() throws -> [String] {
        try plan.registrations.filter { $0.issuer == registration }.map(\.name)
            .filter { try session.needs.isAny(in: $0) }
    }

    private func isNeeded(_ fingerprint: Fingerprint, by dependents: [String]) throws -> Bool {
        try dependents.isEmpty || dependents.contains { try session.needs.isNeeded(fingerprint, in: $0) }
    }
}
