import Certificates

extension Ledger {
    /// Notes that a pass begins.
    package func beginRun(at now: Instant) async throws -> Int64 {
        try await engine.write { session in
            try session.first("INSERT INTO runs(started_at) VALUES($1) RETURNING id", [.integer(now.seconds)]) {
                $0.integer(0) ?? 0
            } ?? 0
        }
    }

    /// Notes that a pass looked at everything, and forgets once a day what nobody can need any more. The last of these is
    /// since when nobody looked, after an outage.
    package func finishRun(_ id: Int64, at now: Instant) async throws {
        try await engine.write { session in
            try session.execute(
                "UPDATE runs SET finished_at = $1 WHERE id = $2", [.integer(now.seconds), .integer(id)])
            try session.execute("DELETE FROM runs WHERE id < $1 - 10000", [.integer(id)])
            try RetentionSweep(session: session, now: now).runIfDue()
        }
    }
}
