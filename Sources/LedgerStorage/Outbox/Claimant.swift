import Certificates
import ExpiryRules

/// Takes deliveries for one claimant, inside one transaction.
struct Claimant {
    let session: any SQLSession
    let now: Instant
    let boot: BootTime
    let lease: TimeSpan
    let render: @Sendable (NoticeFacts) throws -> [UInt8]

    /// More attempts at one delivery than these are not kept: one that is refused for years must not fill the ledger.
    private static let attemptsKept = 1_000

    /// A delivery that may be taken.
    struct Candidate {
        let deliveryID: Int64
        let noticeID: Int64
        let receiver: String
        let state: DeliveryState
        let attempts: Int
        let mayHaveBeenSeen: Bool
        let body: [UInt8]?
        let noticeIsOpen: Bool
        let receiverFailures: Int
    }

    /// The first delivery that is due, while the receiver's gate is open; a receiver that has failed is tried with one
    /// message at a time. Nothing is sent of a subject of which something is being sent, so that nothing overtakes.
    func firstDue(for receiver: String) throws -> Candidate? {
        try session.first(
            """
            SELECT d.id, d.notice_id, d.state, d.attempts, d.maybe_seen, d.body, n.state, r.failures
            FROM deliveries d JOIN notices n ON n.id = d.notice_id JOIN receivers r ON r.name = d.receiver
            WHERE d.receiver = $1 AND d.\(DeliveryState.isOpenInSQL)
                AND r.disabled_because IS NULL AND r.not_before <= $2
                AND ((d.state = 'sending' AND (d.boot_id <> $3 OR d.lease_until < $4))
                    OR (d.state <> 'sending' AND d.next_at <= $2 AND NOT EXISTS (
                        SELECT 1 FROM notices m JOIN deliveries s ON s.notice_id = m.id AND s.receiver = d.receiver
                        WHERE m.subject = n.subject AND s.state = 'sending')))
                AND NOT (\(ClockWatch.mustHearFirstInSQL(since: "$5")))
                AND (r.failures = 0 OR NOT EXISTS (
                    SELECT 1 FROM deliveries p WHERE p.receiver = $1 AND p.\(DeliveryState.isOpenInSQL)
                        AND p.state = 'sending' AND p.boot_id = $3 AND p.lease_until >= $4))
            ORDER BY d.next_at, d.id LIMIT 1
            """,
            [
                .text(receiver), .integer(now.seconds), .text(boot.bootID), .integer(boot.seconds),
                .integer((now - ClockWatch.precedence).seconds),
            ]
        ) { row in
            Candidate(
                deliveryID: row.integer(0) ?? 0, noticeID: row.integer(1) ?? 0, receiver: receiver,
                state: row.text(2).flatMap(DeliveryState.init(rawValue:)) ?? .pending,
                attempts: Int(row.integer(3) ?? 0), mayHaveBeenSeen: row.integer(4) == 1, body: row.blob(5),
                noticeIsOpen: row.text(6) == NoticeState.open.rawValue, receiverFailures: Int(row.integer(7) ?? 0))
        }
    }

    /// - Returns: nil when the delivery turned out to be needless; then there may be another.
    func take(_ candidate: Candidate) throws -> Claim? {
        let isTakenOver = candidate.state == .sending
        if isTakenOver { try concedeLostAttempt(of: candidate) }
        guard candidate.noticeIsOpen else {
            try OutboxWriter(session: session, now: now).followUp(deliveryID: candidate.deliveryID)
            return nil
        }
        let facts = try NoticeReader(session: session).facts(of: candidate.noticeID, at: now)
        let body = try candidate.body ?? render(facts)
        let token = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        try session.execute(
            """
            UPDATE deliveries SET state = 'sending', token = $1, attempts = attempts + 1, boot_id = $2,
                lease_until = $3, body = $4 WHERE id = $5
            """,
            [
                .blob(token), .text(boot.bootID), .integer(boot.seconds + lease.seconds), .blob(body),
                .integer(candidate.deliveryID),
            ])
        try session.execute(
            "INSERT INTO attempts(delivery_id, number, started_at) VALUES($1, $2, $3)",
            [.integer(candidate.deliveryID), SQLValue(candidate.attempts + 1), .integer(now.seconds)])
        try session.execute(
            "DELETE FROM attempts WHERE delivery_id = $1 AND number <= $2",
            [.integer(candidate.deliveryID), SQLValue(candidate.attempts + 1 - Self.attemptsKept)])
        return Claim(
            deliveryID: candidate.deliveryID, receiver: candidate.receiver, token: token,
            heldUntil: BootTime(bootID: boot.bootID, seconds: boot.seconds + lease.seconds),
            attempt: candidate.attempts + 1, mayBeDuplicate: candidate.mayHaveBeenSeen || isTakenOver,
            receiverFailures: candidate.receiverFailures, identity: facts.identity, body: body)
    }

    /// Whoever sent this is dead or stuck: the receiver may have it.
    private func concedeLostAttempt(of candidate: Candidate) throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'the sender ended before it could record the answer'
            WHERE delivery_id = $1 AND number = $2 AND outcome IS NULL
            """, [.integer(candidate.deliveryID), SQLValue(candidate.attempts)])
        try session.execute(
            "UPDATE deliveries SET state = 'unknown', token = NULL, maybe_seen = 1 WHERE id = $1",
            [.integer(candidate.deliveryID)])
    }
}
