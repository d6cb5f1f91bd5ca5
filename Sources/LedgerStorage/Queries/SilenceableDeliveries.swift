/// Deliveries that a silence may hold.
struct SilenceableDeliveries {
    let session: any SQLSession

    /// One of them.
    struct Delivery {
        let id: Int64
        let noticeID: Int64
        let receiver: String
        /// The silence that holds it.
        let heldBy: Int64?
    }

    /// What no receiver has seen for sure, and what ends nothing: a message that may have been seen goes on until its
    /// receiver says so, and the end of what was told before the silence is told in it. Nor a summary, which proves that
    /// silence is health.
    private static let all: SQLText = """
        SELECT d.id, n.id, d.receiver, d.held_by FROM deliveries d JOIN notices n ON n.id = d.notice_id
        WHERE d.\(DeliveryState.isOpenInSQL) AND d.state IN ('pending', 'retry', 'parked') AND d.maybe_seen = 0
            AND n.state = 'open' AND n.kind <> 'summary' AND n.kind NOT IN (\(NoticeKind.resolutionsInSQL))
        """

    /// All of them.
    func all() throws -> [Delivery] { try session.all(Self.all, [], Self.delivery) }

    /// Those with these ids.
    func among(_ ids: [Int64]) throws -> [Delivery] {
        try session.all("\(Self.all) AND d.id IN (\(SQLList.elements(of: "$1")))", [.list(ids)], Self.delivery)
    }

    /// Whether a silence holds anything.
    func isAnyHeld() throws -> Bool {
        try session.exists(
            "SELECT 1 FROM deliveries d WHERE d.held_by IS NOT NULL AND d.\(DeliveryState.isOpenInSQL) LIMIT 1")
    }

    private static func delivery(from row: inout RowReader) throws -> Delivery {
        Delivery(
            id: try row.integer(), noticeID: try row.integer(), receiver: try row.text(), heldBy: row.optionalInteger())
    }
}
