import Certificates
import ExpiryRules

/// Decides on many objects at once. The number of statements does not grow with the number of objects.
extension StandingWriter {
    /// How many objects are loaded at a time.
    private static let batchSize = 1_000

    /// Reconsiders certificates and lists, and stores the time of each next decision.
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
        let notified = try session.memory.notifiedStages(in: standings.values.map(\.subjectEpisode))
        var decisions: [(watched: Watched, decision: StageDecision)] = []
        var others: [Fingerprint] = []
        for fingerprint in batch {
            guard let standing = standings[fingerprint] else { continue }
            let watched = Watched(
                fingerprint: fingerprint, kind: standing.kind, validity: standing.validity, expiry: standing.expiry,
                episode: standing.episode, watchers: standing.watchers, notified: notified[standing.subject] ?? [],
                name: standing.name, wasSeenBefore: true)
            if needsMoreThanADecision(standing, watched) {
                others.append(fingerprint)
            } else {
                decisions.append((watched, decision(on: watched)))
            }
        }
        let noticeIDs = try notify(decisions)
        try session.certificates.setNextDue(decisions.map { ($0.watched.fingerprint, $0.decision.next) })
        return try noticeIDs + others.flatMap(reconsider)
    }

    /// Whether an object needs more than the decision on its stage: it ended or is back, a stage is to be cancelled, or
    /// reminders are configured.
    private func needsMoreThanADecision(_ standing: Standing, _ watched: Watched) -> Bool {
        standing.watchers.isEmpty || standing.hasEnded || plan.reminders(watchedBy: watched.watchers) != nil
            || !watched.notified.isSubset(of: ladder(of: watched).stages)
    }
}
