import Certificates

/// How the outbox stands, for exit codes and summaries.
package struct OutboxState: Hashable, Sendable {
    /// Deliveries not yet settled, parked ones among them.
    package let open: Int
    /// Deliveries that wait for the end of a silence, and are not counted as open.
    package let held: Int
    package let parked: Int
    /// Deliveries that expired undelivered since `since`.
    package let expired: Int
    /// Receivers that said they are gone.
    package let disabledReceivers: [String]
    /// Receivers that take nothing, and of which that is told (`receiver_unreachable`).
    package var unreachableReceivers: [String] = []
    /// Receivers for which something is open, by name.
    package var backlogs: [ReceiverBacklog] = []

    package static let empty = OutboxState(open: 0, held: 0, parked: 0, expired: 0, disabledReceivers: [])

    /// Whether somebody has to act: a receiver refuses, is gone or takes nothing, or something expired undelivered.
    package var needsAction: Bool {
        parked > 0 || expired > 0 || !disabledReceivers.isEmpty || !unreachableReceivers.isEmpty
    }
}

/// What is open for one receiver.
package struct ReceiverBacklog: Hashable, Sendable {
    package let receiver: String
    /// Deliveries not yet settled that no silence holds.
    package let open: Int
    /// The refused ones among them.
    package let parked: Int
    /// When the next of them may be tried; nil when none is: the receiver is gone, or they are held for manual retry.
    package let nextAttempt: Instant?
}

extension Ledger {
    /// How the outbox stands, `since` being the beginning of a pass that has just ended.
    package func outboxState(expiredSince since: Instant) async throws -> OutboxState {
        let isQuiet = QuietKeeper.isWaitingInSQL(now: "$1")
        return try await engine.read { session in
            let counts = try session.first(
                """
                SELECT count(CASE WHEN s.id IS NULL AND NOT \(isQuiet) THEN 1 END),
                    count(CASE WHEN s.id IS NOT NULL OR \(isQuiet) THEN 1 END),
                    count(CASE WHEN d.state = 'parked' AND s.id IS NULL AND NOT \(isQuiet) THEN 1 END)
                FROM deliveries d LEFT JOIN silences s ON s.id = d.held_by AND \(SilenceRows.isActiveInSQL(now: "$1"))
                WHERE d.\(DeliveryState.isOpenInSQL)
                """, [.integer(since.seconds)]
            ) { row in (0...2).map { Int(row.integer($0) ?? 0) } }
            let expired = try session.first(
                // A summary that nobody took is overtaken by the next one.
                """
                SELECT count(*) FROM deliveries d WHERE state = 'expired' AND settled_at >= $1 AND EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = d.notice_id AND n.kind <> $2)
                """, [.integer(since.seconds), .text(NoticeKind.summary.rawValue)]
            ) { Int($0.integer(0) ?? 0) }
            let disabled = try session.query(
                "SELECT name FROM receivers WHERE disabled_because IS NOT NULL ORDER BY name"
            ) { $0.text(0) ?? "" }
            return OutboxState(
                open: counts?[0] ?? 0, held: counts?[1] ?? 0, parked: counts?[2] ?? 0, expired: expired ?? 0,
                disabledReceivers: disabled, unreachableReceivers: try ReachabilityWatch.told(in: session),
                backlogs: try Self.backlogs(session, at: since))
        }
    }

    private static func backlogs(_ session: any SQLSession, at now: Instant) throws -> [ReceiverBacklog] {
        try session.query(
            """
            SELECT d.receiver, count(*), count(CASE WHEN d.state = 'parked' THEN 1 END),
                min(CASE WHEN r.disabled_because IS NOT NULL OR d.next_at >= $2 THEN NULL
                    WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END)
            FROM deliveries d JOIN receivers r ON r.name = d.receiver
            LEFT JOIN silences s ON s.id = d.held_by AND \(SilenceRows.isActiveInSQL(now: "$1"))
            WHERE d.\(DeliveryState.isOpenInSQL) AND s.id IS NULL AND NOT \(QuietKeeper.isWaitingInSQL(now: "$1"))
            GROUP BY d.receiver ORDER BY d.receiver
            """, [.integer(now.seconds), .integer(OutboxWriter.never.seconds)]
        ) { row in
            ReceiverBacklog(
                receiver: row.text(0) ?? "", open: Int(row.integer(1) ?? 0), parked: Int(row.integer(2) ?? 0),
                nextAttempt: row.integer(3).map(Instant.init(seconds:)))
        }
    }
}
