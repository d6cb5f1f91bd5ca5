import Certificates
import LedgerStorage
import Synchronization

/// Checks the gate of `ops` through all transactions of a schedule: nothing is claimed while it is closed, and one
/// message at a time while it is half-open.
final class GateObserver: Sendable {
    private let engine: any LedgerEngine
    private let attemptsSeen = Mutex<Int64?>(nil)

    init(engine: any LedgerEngine) {
        self.engine = engine
    }

    private struct Look {
        let attempts: Int64
        let lastStart: Int64
        let closings: Int64
        let closedUntil: Int64
        let underWay: Int64
    }

    /// Checks the state after a transaction. Claims do not change the gate, so its state is the same as at the claim.
    ///
    /// - Throws: `OutboxViolation`.
    func check(at clocks: (now: Instant, bootSeconds: Int64)) async throws {
        let look = try await engine.read { session in
            try session.first(
                """
                SELECT (SELECT count(*) FROM attempts), (SELECT coalesce(max(started_at), 0) FROM attempts),
                    r.failures, r.not_before,
                    (SELECT count(DISTINCT d.message) FROM deliveries d
                        WHERE d.receiver = r.name AND d.state = 'sending' AND d.lease_until >= $1)
                FROM receivers r WHERE r.name = 'ops'
                """, [.integer(clocks.bootSeconds)]
            ) { row in
                Look(
                    attempts: row.integer(0) ?? 0, lastStart: row.integer(1) ?? 0, closings: row.integer(2) ?? 0,
                    closedUntil: row.integer(3) ?? 0, underWay: row.integer(4) ?? 0)
            }
        }
        guard let look else { throw OutboxViolation("the receiver is gone") }
        let before = attemptsSeen.withLock { seen in
            defer { seen = look.attempts }
            return seen
        }
        // Only claims add attempts.
        guard let before, look.attempts > before, look.lastStart == clocks.now.seconds else { return }
        guard look.closedUntil <= clocks.now.seconds else {
            throw OutboxViolation("claimed while the gate is closed for \(look.closedUntil - clocks.now.seconds) s")
        }
        guard look.closings == 0 || look.underWay <= 1 else {
            throw OutboxViolation("\(look.underWay) messages under way while the gate is half-open")
        }
    }
}
