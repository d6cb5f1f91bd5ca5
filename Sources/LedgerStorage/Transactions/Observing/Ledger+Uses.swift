import Certificates
import ExpiryRules

extension Ledger {
    /// Records the client certificates that an edge reports, and decides on the new ones.
    ///
    /// - Parameters:
    ///   - uses: the latest use of each certificate at each hostname is enough.
    ///   - edge: the name of the edge.
    ///   - progress: the log that reports them and how far it was read, which is stored in the same transaction.
    ///   - plan: the registrations and routes.
    ///   - now: the time of the report.
    /// - Returns: what became of them.
    /// - Throws: `LedgerError`, also when the plan has no registration for observed certificates.
    package func record(
        _ uses: [CertificateUse], by edge: String, reading progress: (log: FilePath, to: LogPosition)? = nil,
        plan: WatchPlan, at now: Instant
    ) async throws -> UseOutcome {
        guard let observed = plan.observed else {
            throw LedgerError("the configuration has no `observed`, so no certificates that edges report are watched")
        }
        return try await engine.write { session in
            if let progress { try session.logPositions.remember(progress.to, of: progress.log) }
            guard !uses.isEmpty else { return UseOutcome() }
            return try UseRecorder(session: session, plan: plan, observed: observed, now: now).record(uses, by: edge)
        }
    }

    /// Ends the watch of client certificates that edges no longer report.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func endUnused(plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        guard let observed = plan.observed else { return [] }
        return try await engine.write { session in
            try UnusedCertificates(session: session, plan: plan, observed: observed, now: now).end()
        }
    }

    /// How far a log was read; nil for one that was never read.
    package func position(inLog path: FilePath) async throws -> LogPosition? {
        try await engine.read { try $0.logPositions.position(of: path) }
    }

    /// How many client certificates are watched that edges have reported.
    package func observedCertificates() async throws -> Int {
        try await engine.read { try $0.observations.countAtEdges() }
    }
}
