import Certificates
import ExpiryRules

/// What the ledger remembers of a source while it is being scanned; lives inside one snapshot.
package struct SourceMemory {
    let session: any SQLSession
    let source: StoredSource?

    /// The files of this source after `path`, in the order of their paths' bytes.
    package func files(after path: FilePath?, limit: Int) throws -> [RememberedFile] {
        guard let source else { return [] }
        return try session.query(
            "SELECT path, change_key FROM files WHERE source_id = $1 AND path > $2 ORDER BY path LIMIT $3",
            [.integer(source.id), .blob(path?.bytes ?? []), SQLValue(limit)]
        ) { RememberedFile(path: FilePath(bytes: $0.blob(0) ?? []), changeKey: $0.blob(1)) }
    }

    /// Whether the ledger has the facts of this certificate, so that it need not be decoded again.
    package func knows(_ fingerprint: Fingerprint) throws -> Bool {
        try ObjectRows(session: session).contains(fingerprint)
    }
}

extension Ledger {
    /// Gives `body` what is remembered of a source. It runs on a thread of the database's own, so it may read files.
    package func recalling<Value: Sendable>(
        _ key: SourceKey, _ body: @escaping @Sendable (SourceMemory) throws -> Value
    ) async throws -> Value {
        try await engine.read { session in
            try body(SourceMemory(session: session, source: try SourceRows(session: session).source(key)))
        }
    }

    /// How often `key` was recorded so far: to be asked before it is looked at.
    package func revision(of key: SourceKey) async throws -> SourceRevision {
        try await engine.read { try SourceRows(session: $0).revision(key) }
    }

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
            let rows = SourceRows(session: session)
            let source = try rows.sourceOrNew(key)
            try rows.advance(source, from: revision)
            let writer = ObservationWriter(session: session, source: source, plan: plan, now: now)
            var affected = AffectedCertificates()
            for change in changes {
                try writer.record(change, affected: &affected)
            }
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
            let rows = SourceRows(session: session)
            let source = try rows.sourceOrNew(key)
            try rows.advance(source, from: revision)
            return try SourceFinisher(session: session, source: source, plan: plan, now: now).finish(outcome)
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
                let rows = SourceRows(session: session)
                let source = try rows.sourceOrNew(key)
                try rows.advance(source, from: nil)
                var affected = AffectedCertificates()
                let writer = ObservationWriter(session: session, source: source, plan: plan, now: now)
                for change in changes { try writer.record(change, affected: &affected) }
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
            let due = try session.query(
                "SELECT fingerprint FROM certificates WHERE next_due <= $1 ORDER BY next_due", [.integer(now.seconds)]
            ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
            let standing = StandingWriter(session: session, plan: plan, now: now)
            return try due.compactMap(\.self).flatMap(standing.reconsider)
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
