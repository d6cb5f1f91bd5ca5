import Certificates
import ExpiryRules

extension Ledger {
    /// Records a batch of what a pass saw, decides on the certificates that it touches, and puts the deliveries into the
    /// outbox.
    ///
    /// - Parameters:
    ///   - changes: what the pass saw.
    ///   - key: where.
    ///   - revision: what was recorded when the pass looked; nil records whatever the ledger knows.
    ///   - plan: what is registered.
    ///   - now: when it was seen.
    /// - Returns: the ids of the notices that were decided.
    /// - Throws: `StaleObservation` when another run has recorded the source since `revision`; `LedgerError`.
    package func record(
        _ changes: [PathChange], of key: SourceKey, since revision: SourceRevision? = nil, plan: WatchPlan,
        at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let sources = session.sources
            let source = try sources.sourceOrNew(key)
            try sources.advance(source, from: revision)
            let writer = ObservationWriter(session: session, source: source, plan: plan, now: now)
            let affected = try writer.record(changes)
            return try StandingWriter(session: session, plan: plan, now: now)
                .reconsider(affected, in: key.registration)
        }
    }

    /// Ends a pass over one source: counts absences where it could be read, and opens or closes its findings.
    ///
    /// - Parameters:
    ///   - key: where the pass looked.
    ///   - outcome: how that ended.
    ///   - revision: as `record` has it.
    ///   - plan: what is registered.
    ///   - now: when it ended.
    /// - Returns: the ids of the notices that were decided.
    /// - Throws: `StaleObservation`, as `record` does; `LedgerError`.
    package func finish(
        _ key: SourceKey, outcome: SourceOutcome, since revision: SourceRevision? = nil, plan: WatchPlan,
        at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let sources = session.sources
            let source = try sources.sourceOrNew(key)
            try sources.advance(source, from: revision)
            return try SourceFinisher(session: session, source: source, plan: plan, now: now).finish(outcome)
        }
    }

    /// Ends a pass over several sources that showed nothing new, in one transaction. One that another run has recorded meanwhile
    /// is left to that run.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func finish(_ sources: [FinishedSource], plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        guard !sources.isEmpty else { return [] }
        return try await engine.write { session in
            try sources.flatMap { finished -> [Int64] in
                let source = try session.sources.sourceOrNew(finished.key)
                do { try session.sources.advance(source, from: finished.revision) } catch is StaleObservation {
                    return []
                }
                return try SourceFinisher(session: session, source: source, plan: plan, now: now)
                    .finish(finished.outcome)
            }
        }
    }

    /// Records what several sources showed in one look at each: for each of them what `record` and `finish` do, and all of it
    /// in one transaction.
    ///
    /// - Parameters:
    ///   - sights: what each source that could be read showed.
    ///   - plan: what is registered.
    ///   - now: when it was seen.
    /// - Returns: the ids of the notices that were decided.
    /// - Throws: `LedgerError`.
    package func record(
        _ sights: [(source: SourceKey, changes: [PathChange])], plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            try sights.flatMap { key, changes in
                let sources = session.sources
                let source = try sources.sourceOrNew(key)
                try sources.advance(source, from: nil)
                let affected = try ObservationWriter(session: session, source: source, plan: plan, now: now)
                    .record(changes)
                return try StandingWriter(session: session, plan: plan, now: now)
                    .reconsider(affected, in: key.registration)
                    + SourceFinisher(session: session, source: source, plan: plan, now: now).finish(.seen)
            }
        }
    }

    /// Decides on every certificate whose stage may have changed since it was last decided on. The cost follows their
    /// number, not that of the registered ones.
    package func decideDue(plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            let due = try StandingReader(session: session).due(at: now)
            return try StandingWriter(session: session, plan: plan, now: now).reconsiderAll(due)
        }
    }

    /// Brings the ledger in step with the configuration: what is registered no longer is cancelled at once, and due times
    /// are worked out anew when thresholds have changed. `sources` are all that are configured now.
    package func reconcile(sources: [SourceKey], plan: WatchPlan, at now: Instant) async throws {
        try await engine.write { session in
            try PlanReconciler(session: session, plan: plan, now: now).reconcile(sources: Set(sources))
        }
    }
}
