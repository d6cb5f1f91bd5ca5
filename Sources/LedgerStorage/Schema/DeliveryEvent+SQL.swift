import ExpiryRules

/// The state machine `DeliveryProgress` as SQL, over the columns of `deliveries`.
extension DeliveryEvent {
    /// Whether the event applies to a row.
    var appliesInSQL: SQLText { Self.conditions[self] ?? "0" }

    /// The state after the event.
    var nextStateInSQL: SQLText { Self.nextStates[self] ?? "state" }

    /// Whether an attempt may have arrived, after the event.
    var nextMaybeSeenInSQL: SQLText { Self.nextSeen[self] ?? "maybe_seen" }

    private static let conditions = table { event in
        let states = DeliveryState.allCases.filter { DeliveryProgress(state: $0).after(event) != nil }
        return states == DeliveryState.allCases.filter(\.isClaimable)
            ? DeliveryState.isClaimableInSQL : "state IN (\(SQLText(listing: states)))"
    }

    private static let nextStates = table { event in
        func next(_ mayHaveBeenSeen: Bool, _ attempts: Int) -> DeliveryState? {
            let all = DeliveryState.allCases.lazy.map {
                DeliveryProgress(state: $0, mayHaveBeenSeen: mayHaveBeenSeen, attempts: attempts)
            }
            return all.compactMap { $0.after(event)?.state }.first
        }
        guard let seen = next(true, 1), let tried = next(false, 1), let new = next(false, 0) else { return "state" }
        guard seen != tried || tried != new else { return SQLText(new) }
        return """
            CASE WHEN deliveries.maybe_seen = 1 THEN \(SQLText(seen)) WHEN deliveries.attempts > 0 THEN \(SQLText(tried))
                ELSE \(SQLText(new)) END
            """
    }

    private static let nextSeen = table { event in
        let states = DeliveryState.allCases.filter { DeliveryProgress(state: $0).after(event)?.mayHaveBeenSeen == true }
        return states.isEmpty
            ? "maybe_seen" : "CASE WHEN state IN (\(SQLText(listing: states))) THEN 1 ELSE maybe_seen END"
    }

    private static func table(_ text: (DeliveryEvent) -> SQLText) -> [DeliveryEvent: SQLText] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0, text($0)) })
    }
}
