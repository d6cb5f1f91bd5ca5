import Certificates

extension Ledger {
    /// Notes that a pass begins.
    package func beginRun(at now: Instant) async throws -> Int64 {
        try await engine.write { try $0.runs.begin(at: now) }
    }

    /// Notes that a pass looked at everything, and forgets once a day what has outlived its use. The last of these is since
    /// when nothing was looked at, after an outage.
    package func finishRun(_ id: Int64, as outcome: RunOutcome = .good, at now: Instant) async throws {
        try await engine.write { session in
            try session.runs.finish(id, as: outcome, at: now)
            try RetentionSweep(session: session, now: now).runIfDue()
        }
    }
}
