import Certificates
import ExpiryRules

/// Reads the deliveries that a silence may hold.
struct SilenceableDeliveries {
    let session: any SQLSession

    /// A delivery that a silence may hold.
    struct Delivery {
        let id: Int64
        let noticeID: Int64
        let receiver: String
        /// The silence that holds it.
        let heldBy: Int64?
    }

    /// Deliveries that the receiver certainly has not received. One that may have arrived is retried until the receiver
    /// answers. Resolutions are not held, so that notices from before the silence are resolved during it. Neither are
    /// summaries, since they prove that notafter works.
    private static let all: SQLText = """
        SELECT d.id, n.id, d.receiver, d.held_by FROM deliveries d JOIN notices n ON n.id = d.notice_id
        WHERE d.\(DeliveryState.isOpenInSQL) AND d.state IN ('pending', 'retry', 'parked') AND d.maybe_seen = 0
            AND n.state = 'open' AND n.kind <> 'summary' AND n.kind NOT IN (\(NoticeKind.resolutionsInSQL))
        """

    /// All such deliveries.
    func all() throws -> [Delivery] { try session.all(Self.all, [], Self.delivery) }

    /// Such deliveries with these ids.
    func among(_ ids: [Int64]) throws -> [Delivery] {
        try session.all("\(Self.all) AND d.id IN (\(SQLList.elements(of: "$1")))", [.list(ids)], Self.delivery)
    }

    /// Whether any silence holds a delivery.
    func isAnyHeld() throws -> Bool {
        try session.exists(
            "SELECT 1 FROM deliveries d WHERE d.held_by IS NOT NULL AND d.\(DeliveryState.isOpenInSQL) LIMIT 1")
    }

    private static func delivery(from row: inout RowReader) throws -> Delivery {
        Delivery(
            id: try row.integer(), noticeID: try row.integer(), receiver: try row.text(), heldBy: row.optionalInteger())
    }
}
