import Certificates
import ExpiryRules

extension Ledger {
    /// The state of the outbox.
    ///
    /// - Parameters:
    ///   - since: deliveries that expired before it are not counted; for a pass, its start.
    ///   - now: the time for silences and quiet hours; `since` by default.
    /// - Returns: counts over all receivers, and for each receiver with open deliveries.
    /// - Throws: `LedgerError`.
    package func outboxState(expiredSince since: Instant, at now: Instant? = nil) async throws -> OutboxState {
        let now = now ?? since
        let isQuiet = DeliveryState.isQuietInSQL(now: "$1")
        return try await engine.read { session in
            let counts = try session.one(
                """
                SELECT count(CASE WHEN s.id IS NULL AND NOT \(isQuiet) THEN 1 END),
                    count(CASE WHEN s.id IS NOT NULL OR \(isQuiet) THEN 1 END),
                    count(CASE WHEN d.state = 'parked' AND s.id IS NULL AND NOT \(isQuiet) THEN 1 END)
                FROM deliveries d LEFT JOIN silences s ON s.id = d.held_by AND \(Silence.isActiveInSQL(now: "$1"))
                WHERE d.\(DeliveryState.isOpenInSQL)
                """, [.integer(now.seconds)]
            ) { row in try (0...2).map { _ in try row.count() } }
            let expired = try session.one(
                // An undelivered summary does not count: the next one replaces it.
                """
                SELECT count(*) FROM deliveries d WHERE state = 'expired' AND settled_at >= $1 AND EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = d.notice_id AND n.kind <> $2)
                """, [.integer(since.seconds), .text(NoticeKind.summary.rawValue)]
            ) { try $0.count() }
            let disabled = try session.all(
                "SELECT name FROM receivers WHERE disabled_because IS NOT NULL ORDER BY name"
            ) { try $0.text() }
            return OutboxState(
                open: counts?[0] ?? 0, held: counts?[1] ?? 0, parked: counts?[2] ?? 0, expired: expired ?? 0,
                disabledReceivers: disabled,
                unreachableReceivers: try session.findings.openPlaces(.receiverUnreachable),
                backlogs: try Self.backlogs(session, at: now))
        }
    }

    private static func backlogs(_ session: any SQLSession, at now: Instant) throws -> [ReceiverBacklog] {
        try session.all(
            """
            SELECT d.receiver, count(*), count(CASE WHEN d.state = 'parked' THEN 1 END),
                min(CASE WHEN r.disabled_because IS NOT NULL OR d.next_at >= $2 THEN NULL
                    WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
            FROM deliveries d JOIN receivers r ON r.name = d.receiver
            LEFT JOIN silences s ON s.id = d.held_by AND \(Silence.isActiveInSQL(now: "$1"))
            WHERE d.\(DeliveryState.isOpenInSQL) AND s.id IS NULL AND NOT \(DeliveryState.isQuietInSQL(now: "$1"))
            GROUP BY d.receiver ORDER BY d.receiver
            """, [.integer(now.seconds), .integer(DeliveryTable.never.seconds)]
        ) { row in
            ReceiverBacklog(
                receiver: try row.text(), open: try row.count(), parked: try row.count(),
                nextAttempt: row.optionalInstant())
        }
    }
}
