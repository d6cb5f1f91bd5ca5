import Certificates
import ExpiryRules

/// Ends the watch of client certificates that edges no longer report, inside one transaction.
struct UnusedCertificates {
    let session: any SQLSession
    let plan: WatchPlan
    let observed: ObservedPlan
    let now: Instant

    /// - Returns: the ids of the notices that were decided.
    func end() throws -> [Int64] {
        let renewed = try endRenewed()
        let unused = try session.observations.unused(since: now - observed.forgetAfter)
        for (id, _) in unused { try session.observations.end(id, because: .removed, successor: nil, at: now) }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        let affected = Set(renewed + unused.map(\.fingerprint)).sorted()
        let noticeIDs = try affected.flatMap { try standing.reconsider($0, leftOrJoinedBy: observed.registration) }
        return try noticeIDs + closeLimitFinding()
    }

    /// Ends the certificates whose successor is in use while they are not. While a client still uses the old one, it
    /// stays watched: that client breaks when it expires.
    private func endRenewed() throws -> [Fingerprint] {
        let reader = LineageReader(session: session)
        var ended: [Fingerprint] = []
        let quiet = try session.observations.unusedWithRelatives(since: now - ObservedPlan.quietBeforeRenewal)
        for fingerprint in quiet {
            guard let old = try session.objects.certificate(fingerprint) else { continue }
            // Three or more certificates with the same names or key are a fleet, and no lineage.
            let relatives = try reader.relatives(of: old, in: observed.registration)
            guard relatives.count == 1, let heir = try session.objects.certificate(relatives[0]),
                LineageMember(heir).succeeds(LineageMember(old), at: now),
                let oldUse = try session.observations.lastUse(of: fingerprint),
                let newUse = try session.observations.lastUse(of: heir.fingerprint), oldUse < newUse
            else { continue }
            try session.observations.endRenewed(
                fingerprint, by: heir.fingerprint, in: observed.registration, at: now)
            ended.append(fingerprint)
        }
        return ended
    }

    private func closeLimitFinding() throws -> [Int64] {
        guard observed.isRelieved(at: try session.observations.countAtEdges()) else { return [] }
        return try FindingWriter(session: session, plan: plan, now: now).close(
            registration: observed.registration, code: .observedLimitReached, place: observed.registration)
    }
}
