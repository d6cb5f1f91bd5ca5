import Certificates
import ExpiryRules

/// Finds rows that are old enough to be deleted.
struct ForgettablePast {
    let session: any SQLSession
    /// Rows that ended before this time are old enough.
    let horizon: Instant
    /// The most rows of a kind in one sweep.
    let limit: Int

    /// The ids of certificates and lists that are no longer watched and have no open deliveries.
    func objects() throws -> [Int64] {
        try session.all(
            """
            SELECT id FROM certificates c
            WHERE ended_at < $1 AND (not_after IS NULL OR not_after < $1)
                AND NOT EXISTS (SELECT 1 FROM observations o WHERE o.certificate_id = c.id AND o.ended_at IS NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id
                    WHERE n.subject = c.kind || ':' || lower(hex(c.fingerprint)) AND d.\(DeliveryState.isOpenInSQL))
            ORDER BY ended_at LIMIT $2
            """, [.integer(horizon.seconds), SQLValue(limit)]
        ) { try $0.integer() }
    }

    /// The notices about these objects.
    func notices(about objects: [Int64]) throws -> [Int64] {
        try session.all(
            """
            SELECT n.id FROM (\(SQLList.elements(of: "$1"))) f CROSS JOIN certificates c ON c.id = f.value
            CROSS JOIN notices n ON n.subject = c.kind || ':' || lower(hex(c.fingerprint))
            """, [.list(objects)]
        ) { try $0.integer() }
    }

    /// Notices of resolved findings without open deliveries.
    func noticesOfFindings() throws -> [Int64] {
        try session.all(
            """
            SELECT id FROM notices n WHERE fingerprint IS NULL AND observed_at < $1
                AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.closed_at IS NULL AND f.episode = n.episode
                    AND n.subject = 'finding:' || f.registration || ':' || f.code || ':' || f.place)
                AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.\(DeliveryState.isOpenInSQL))
            ORDER BY id LIMIT $2
            """, [.integer(horizon.seconds), SQLValue(limit)]
        ) { try $0.integer() }
    }
}
