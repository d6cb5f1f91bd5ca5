import Certificates
import ExpiryRules

/// The next due times of the outbox.
extension Ledger {
    /// When the next delivery is due; nil when the outbox is empty.
    package func nextDeliveryDue() async throws -> Instant? {
        try await engine.read { session in
            try session.one(
                """
                SELECT min(CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
                FROM deliveries d JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND r.disabled_because IS NULL
                """
            ) { $0.optionalInstant() } ?? nil
        }
    }

    /// When the first delivery is due that waits for its next attempt or for its receiver's gate; nil without one.
    /// Deliveries that are due at `now` already, or that a silence holds, wait for other conditions and are left out.
    package func nextRetryDue(after now: Instant) async throws -> Instant? {
        try await engine.read { session in
            try session.one(
                """
                SELECT min(CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
                FROM deliveries d JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND d.held_by IS NULL
                    AND r.disabled_because IS NULL AND (d.next_at > $1 OR r.not_before > $1)
                """, [.integer(now.seconds)]
            ) { $0.optionalInstant() } ?? nil
        }
    }

    /// The endpoints that have due deliveries and were last probed before `instant`.
    package func endpointsWithNews(probedBefore instant: Instant, at now: Instant) async throws -> Set<String> {
        let names = try await engine.read { session in
            try session.all(
                """
                SELECT DISTINCT e.name FROM deliveries d JOIN notices n ON n.id = d.notice_id
                JOIN endpoints e ON e.name = n.registration JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND d.next_at <= $1 AND r.not_before <= $1
                    AND r.disabled_because IS NULL AND e.probed_at < $2
                    AND n.fingerprint IS NULL AND n.kind IN ('finding', 'finding_resolved')
                """, [.integer(now.seconds), .integer(instant.seconds)]
            ) { try $0.text() }
        }
        return Set(names)
    }
}
