import Certificates
import ExpiryRules

/// Deciding on many at once: the statements do not follow their number.
extension StandingWriter {
    /// So many are in memory at a time.
    private static let batchSize = 1_000

    /// Reconsiders certificates and lists, and stores when each must be looked at again.
    ///
    /// - Returns: the ids of the notices that were decided.
    func reconsiderAll(_ fingerprints: [Fingerprint]) throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for start in stride(from: 0, to: fingerprints.count, by: Self.batchSize) {
            noticeIDs += try reconsider(batch: Array(fingerprints[start...].prefix(Self.batchSize)))
        }
        return noticeIDs
    }

    private func reconsider(batch: [Fingerprint]) throws -> [Int64] {
        let standings = try StandingReader(session: session).standings(of: batch)
        let told = try session.memory.stagesTold(in: standings.values.map(\.subjectEpisode))
        var decisions: [(watched: Watched, decision: StageDecision)] = []
        var others: [Fingerprint] = []
        for fingerprint in batch {
            guard let standing = standings[fingerprint] else { continue }
            let watched = Watched(
                fingerprint: fingerprint, kind: standing.kind, validity: standing.validity, expiry: standing.expiry,
                episode: standing.episode, watchers: standing.watchers, told: told[standing.subject] ?? [],
                name: standing.name, wasSeenBefore: true)
            if needsMoreThanADecision(standing, watched) {
                others.append(fingerprint)
            } else {
                decisions.append((watched, decision(on: watched)))
            }
        }
        let noticeIDs = try tell(decisions)
        try session.certificates.setNextDue(decisions.map { ($0.watched.fingerprint, $0.decision.next) })
        return try noticeIDs + others.flatMap(reconsider)
    }

    /// Whether something begins or ends with it, is cancelled, or may have to be repeated.
    private func needsMoreThanADecision(_ standing: Standing, _ watched: Watched) -> Bool {
        standing.watchers.isEmpty || standing.hasEnded || plan.reminders(watchedBy: watched.watchers) != nil
            || !watched.told.isSubset(of: ladder(of: watched).stages)
    }
}
