import Certificates
import ExpiryRules

/// How a receiver takes what it is sent, for the findings about it.
struct ReceiverStanding {
    let session: any SQLSession

    /// Receivers that are gone, that refuse something, or of which that is told.
    func refusing() throws -> [String] {
        try session.all(
            """
            SELECT name FROM receivers WHERE disabled_because IS NOT NULL
            UNION SELECT receiver FROM deliveries WHERE refused IS NOT NULL AND \(DeliveryState.isOpenInSQL)
            UNION SELECT place FROM findings WHERE registration = $1 AND code = $2 AND closed_at IS NULL
            """, [.text(Finding.machine), .text(FindingCode.receiverRefusing.rawValue)]
        ) { try $0.text() }
    }

    /// Whether a receiver has taken nothing since an instant, and something waits for it or has expired since.
    func hasMissedAll(_ receiver: String, since instant: Instant) throws -> Bool {
        try session.one(
            """
            SELECT coalesce(r.taken_at, 0) <= $2 AND (
                EXISTS(SELECT 1 FROM deliveries d WHERE d.receiver = $1 AND d.held_by IS NULL
                    AND d.\(DeliveryState.isOpenInSQL))
                OR EXISTS(SELECT 1 FROM deliveries d
                    WHERE d.receiver = $1 AND d.state = 'expired' AND d.settled_at >= $2))
            FROM receivers r WHERE r.name = $1
            """, [.text(receiver), .integer(instant.seconds)]
        ) { try $0.flag() } ?? false
    }

    /// How many notices expired undelivered since an instant, counted up to `limit`.
    func missed(by receiver: String, since instant: Instant, upTo limit: Int64) throws -> Int {
        try session.one(
            """
            SELECT count(*) FROM (SELECT 1 FROM deliveries d JOIN notices n ON n.id = d.notice_id
                WHERE d.receiver = $1 AND d.state = 'expired' AND d.settled_at >= $2
                    AND \(NoticeSubject.isMissedInSQL) LIMIT $3)
            """, [.text(receiver), .integer(instant.seconds), .integer(limit)]
        ) { try $0.count() } ?? 0
    }
}
