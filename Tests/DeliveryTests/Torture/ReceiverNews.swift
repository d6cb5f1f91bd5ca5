import Certificates
import ExpiryRules
import LedgerStorage

/// What must be reported about `ops` when it accepts nothing, from the state of the ledger before and after a run.
struct ReceiverNews {
    let engine: any LedgerEngine

    /// Whether `ops` has failed for a day with waiting deliveries, without a report.
    func isOverdue(at now: Instant) async throws -> Bool {
        try await holds(
            """
            SELECT 1 FROM receivers r WHERE r.name = 'ops' AND r.failing_since <= $1
                AND EXISTS(SELECT 1 FROM deliveries d WHERE d.receiver = 'ops' AND d.held_by IS NULL
                    AND d.state IN ('pending', 'sending', 'retry', 'unknown', 'parked'))
                AND NOT EXISTS(SELECT 1 FROM findings f WHERE f.place = 'ops' AND f.closed_at IS NULL)
            """, [.integer((now - ReachabilityRule.defaultPatience).seconds)])
    }

    /// Whether the fallback was notified of that by a transaction at `now`.
    func wasTold(at now: Instant) async throws -> Bool {
        try await holds(
            """
            SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id AND d.receiver = 'spare'
            WHERE n.kind = 'finding' AND n.subject = 'finding:notafter:receiver_unreachable:ops' AND n.observed_at = $1
            """, [.integer(now.seconds)])
    }

    /// The problem of a ledger without waiting deliveries. nil when there is none.
    func complaintAtRest() async throws -> String? {
        if try await holds("SELECT 1 FROM findings WHERE place = 'ops' AND closed_at IS NULL") {
            return "a finding about a receiver that has taken everything"
        }
        let unnotified = try await holds(
            """
            SELECT 1 FROM notices n WHERE n.kind = 'finding' AND n.subject LIKE 'finding:notafter:receiver%'
                AND NOT EXISTS(SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.receiver = 'spare')
            """)
        return unnotified ? "the fallback is not told of a receiver's trouble" : nil
    }

    private func holds(_ sql: SQLText, _ parameters: [SQLValue] = []) async throws -> Bool {
        try await engine.read { try $0.first(sql, parameters) { _ in true } ?? false }
    }
}
