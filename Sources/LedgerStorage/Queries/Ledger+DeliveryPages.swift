import ExpiryRules

extension Ledger {
    /// One page of deliveries, the newest first.
    ///
    /// - Parameters:
    ///   - selection: which deliveries.
    ///   - id: the id before which to begin; nil for the newest.
    ///   - limit: how many at most.
    /// - Returns: the deliveries with their attempts, and where the next page begins.
    /// - Throws: `LedgerError`.
    package func deliveryPage(
        _ selection: DeliveryPage.Selection, before id: Int64?, limit: Int
    ) async throws -> DeliveryPage {
        try await engine.read { session in
            let found = try DeliveryReader(session: session).deliveries(
                where: selection.condition, [.integer(id ?? .max), SQLValue(limit + 1)]
            ).sorted { $0.id > $1.id }
            let page = Array(found.prefix(limit))
            return DeliveryPage(deliveries: page, next: found.count > limit ? page.last?.id : nil)
        }
    }
}

extension DeliveryPage.Selection {
    /// The condition on a delivery `d`.
    fileprivate var condition: SQLText {
        let selected: SQLText =
            switch self {
            case .all: "1 = 1"
            case .open: "\(DeliveryState.isOpenInSQL)"
            case .parked: "state = 'parked' AND \(DeliveryState.isOpenInSQL)"
            case .expired: "state = 'expired'"
            }
        return "d.id IN (SELECT id FROM deliveries WHERE id < $1 AND \(selected) ORDER BY id DESC LIMIT $2)"
    }
}
