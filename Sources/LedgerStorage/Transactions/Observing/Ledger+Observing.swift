import Certificates
import ExpiryRules

extension Ledger {
    /// Records a batch of changes, decides on the certificates that they affect, and puts the deliveries into the
    /// outbox.
    ///
    /// - Parameters:
    ///   - changes: the changes that the pass found.
    ///   - key: the source.
    ///   - revision: the revision when the pass began to read; nil skips the check.
    ///   - plan: the registrations and routes.
    ///   - now: the time of the observation.
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

    /// Completes the reading of one source: counts absences if it could be read, and opens or closes its findings.
    ///
    /// - Parameters:
    ///   - key: the source.
    ///   - outcome: whether it could be read.
    ///   - revision: as in `record`.
    ///   - plan: the registrations and routes.
    ///   - now: the time of the observation.
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

    /// Completes the reading of several sources without changes, in one transaction. A source that another run has
    /// recorded meanwhile is left to that run.
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

    /// Records several sources that were read completely: does for each what `record` and `finish` do, all in one
    /// transaction.
    ///
    /// - Parameters:
    ///   - sights: the changes of each source.
    ///   - plan: the registrations and routes.
    ///   - now: the time of the observation.
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

    /// Decides on every certificate whose next decision is due. The cost depends on their number, not on the number of
    /// registered certificates.
    package func decideDue(plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            let due = try StandingReader(session: session).due(at: now)
            return try StandingWriter(session: session, plan: plan, now: now).reconsiderAll(due)
        }
    }

    /// Brings the ledger in line with the configuration: observations of removed sources end at once, and all decisions
    /// become due if the thresholds have changed. `sources` are all configured sources.
    package func reconcile(sources: [SourceKey], plan: WatchPlan, at now: Instant) async throws {
        try await engine.write { session in
            try PlanReconciler(session: session, plan: plan, now: now).reconcile(sources: Set(sources))
        }
    }
}
