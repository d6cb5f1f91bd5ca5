import Certificates

/// How a pass that came to its end went. Raw values stand in the ledger.
package enum RunOutcome: String, Hashable, Sendable {
    case good
    /// Something could not be read, or some receiver could not be told.
    case troubled
}

extension Ledger {
    /// Notes that a pass begins.
    package func beginRun(at now: Instant) async throws -> Int64 {
        try await engine.write { session in
            try session.first("INSERT INTO runs(started_at) VALUES($1) RETURNING id", [.integer(now.seconds)]) {
                $0.integer(0) ?? 0
            } ?? 0
        }
    }

    /// When the last pass began that looked at everything; nil when there was none.
    package func lastPass() async throws -> Instant? {
        try await engine.read { session in
            try session.first("SELECT max(started_at) FROM runs WHERE finished_at IS NOT NULL") {
                $0.integer(0).map(Instant.init(seconds:))
            } ?? nil
        }
    }

    /// Notes that a pass looked at everything, and forgets once a day what nobody can need any more. The last of these is
    /// since when nobody looked, after an outage.
    package func finishRun(_ id: Int64, as outcome: RunOutcome = .good, at now: Instant) async throws {
        try await engine.write { session in
            try session.execute(
                "UPDATE runs SET finished_at = $1, outcome = $2 WHERE id = $3",
                [.integer(now.seconds), .text(outcome.rawValue), .integer(id)])
            try session.execute("DELETE FROM runs WHERE id < $1 - 10000", [.integer(id)])
            try RetentionSweep(session: session, now: now).runIfDue()
        }
    }
}
