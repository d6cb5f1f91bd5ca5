import Certificates

extension Ledger {
    /// Records the start of a pass.
    package func beginRun(at now: Instant) async throws -> Int64 {
        try await engine.write { try $0.runs.begin(at: now) }
    }

    /// Records the end of a complete pass, and runs the retention sweep once a day. After an outage, the end of the
    /// last complete pass is the start of the time without observations.
    package func finishRun(_ id: Int64, as outcome: RunOutcome = .good, at now: Instant) async throws {
        try await engine.write { session in
            try session.runs.finish(id, as: outcome, at: now)
            try RetentionSweep(session: session, now: now).runIfDue()
        }
    }
}
