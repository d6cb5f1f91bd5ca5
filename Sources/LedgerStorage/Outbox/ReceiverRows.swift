import Certificates
import ExpiryRules

/// What is remembered of receivers: their gates, and when each last took something.
struct ReceiverRows {
    let session: any SQLSession

    /// - Returns: nil for what is no receiver any more.
    func gate(of receiver: String) throws -> ReceiverGate? {
        try session.first(
            """
            SELECT failures, not_before, failing, failures_in_row, recent_attempts, recent_failures, paused_until
            FROM receivers WHERE name = $1
            """, [.text(receiver)]
        ) { row in
            var gate = ReceiverGate()
            gate.closings = Int(row.integer(0) ?? 0)
            gate.closedUntil = Instant(seconds: row.integer(1) ?? 0)
            gate.failing = (row.text(2) ?? "").split(separator: ",").compactMap { Int64($0) }
            gate.failuresInRow = Int(row.integer(3) ?? 0)
            gate.attempts = Int(row.integer(4) ?? 0)
            gate.failures = Int(row.integer(5) ?? 0)
            gate.pausedUntil = Instant(seconds: row.integer(6) ?? 0)
            return gate
        }
    }

    func store(_ gate: ReceiverGate, of receiver: String) throws {
        try session.execute(
            """
            UPDATE receivers SET failures = $1, not_before = $2, failing = $3, failures_in_row = $4,
                recent_attempts = $5, recent_failures = $6, paused_until = $8 WHERE name = $7
            """,
            [
                SQLValue(gate.closings), .integer(gate.closedUntil.seconds),
                .text(gate.failing.map(String.init).joined(separator: ",")), SQLValue(gate.failuresInRow),
                SQLValue(gate.attempts), SQLValue(gate.failures), .text(receiver),
                .integer(gate.pausedUntil.seconds),
            ])
    }

    /// Makes due what waits for receivers that could not be reached while this machine was cut off.
    func reopenGatesAfterOutage(at now: Instant) throws {
        let closed = try session.query(
            "SELECT name FROM receivers WHERE failures > 0 AND not_before > $1", [.integer(now.seconds)]
        ) { $0.text(0) ?? "" }
        for receiver in closed {
            guard let gate = try gate(of: receiver) else { continue }
            try store(gate.afterOutage(at: now), of: receiver)
        }
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1 WHERE state = 'retry' AND quiet_until IS NULL AND next_at > $1 AND next_at < $2
                AND receiver IN (SELECT name FROM receivers WHERE failures > 0)
            """, [.integer(now.seconds), .integer(OutboxWriter.never.seconds)])
    }

    func noteTaken(by receiver: String, at now: Instant) throws {
        try session.execute(
            "UPDATE receivers SET taken_at = $1, failing_since = NULL WHERE name = $2",
            [.integer(now.seconds), .text(receiver)])
    }

    /// The first failure counts; one that lies ahead was noted by a clock that ran ahead.
    func noteFailure(of receiver: String, at now: Instant) throws {
        try session.execute(
            """
            UPDATE receivers SET failing_since = $1
            WHERE name = $2 AND (failing_since IS NULL OR failing_since > $1)
            """, [.integer(now.seconds), .text(receiver)])
    }
}
