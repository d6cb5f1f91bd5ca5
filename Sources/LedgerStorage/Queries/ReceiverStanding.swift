import Certificates
import ExpiryRules

/// Reads how a receiver accepts messages, for the findings about it.
struct ReceiverStanding {
    let session: any SQLSession

    /// Receivers that are gone, that refused an open delivery, or that have an open finding about it.
    func refusing() throws -> [String] {
        try session.all(
            """
            SELECT name FROM receivers WHERE disabled_because IS NOT NULL
            UNION SELECT receiver FROM deliveries WHERE refused IS NOT NULL AND \(DeliveryState.isOpenInSQL)
            UNION SELECT place FROM findings WHERE registration = $1 AND code = $2 AND closed_at IS NULL
            """, [.text(Finding.machine), .text(FindingCode.receiverRefusing.rawValue)]
        ) { try $0.text() }
    }

    /// Whether a receiver has accepted nothing since an instant, while deliveries for it are open or have expired.
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
