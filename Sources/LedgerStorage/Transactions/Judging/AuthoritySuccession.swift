import Certificates
import ExpiryRules

/// Decides which CAs of one registration are needed no longer, inside one transaction.
///
/// Around a renewal a bundle holds the old CA and its successor of the same name. The old one may expire as soon as every
/// registered certificate has a path through another. While no certificate that the CAs issued is registered nobody knows
/// who needs which, and both are watched.
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

    /// The CAs whose successor is another one than is recorded, with the one that it is now.
    private func changes() throws -> [(Fingerprint, Fingerprint?)] {
        let reader = AuthorityReader(session: session, registration: registration)
        let judged = try reader.judged()
        guard !judged.isEmpty else { return [] }
        let candidates = try reader.candidates(at: now)
        let dependents = try namesOfDependents()
        return try judged.compactMap { authority in
            var heir = authority.notAfter.flatMap { notAfter in
                candidates[authority.subject].flatMap { $0.notAfter > notAfter ? $0.fingerprint : nil }
            }
            if heir != nil, try isNeeded(authority.fingerprint, by: dependents) { heir = nil }
            return heir == authority.successor ? nil : (authority.fingerprint, heir)
        }
    }

    /// Of the registrations whose CA this is, those with certificates that were judged.
    private func namesOfDependents() throws -> [String] {
        try plan.registrations.filter { $0.issuer == registration }.map(\.name)
            .filter { try session.needs.isAny(in: $0) }
    }

    private func isNeeded(_ fingerprint: Fingerprint, by dependents: [String]) throws -> Bool {
        try dependents.isEmpty || dependents.contains { try session.needs.isNeeded(fingerprint, in: $0) }
    }
}
