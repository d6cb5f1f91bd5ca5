import ExpiryRules

/// Withholds notices about endpoints until these were probed again, so that a problem that is gone is not reported.
enum UnprobedEndpoints {
    /// A condition on a delivery `d`: whether it, or another delivery in its message, is about one of the endpoints in
    /// the parameter `names`.
    static func areConcernedInSQL(names: SQLText) -> SQLText {
        """
        \(names) <> '[]' AND EXISTS (
            SELECT 1 FROM deliveries u CROSS JOIN notices v
            WHERE v.id = u.notice_id AND (u.id = d.id OR u.message = d.message) AND u.\(DeliveryState.isOpenInSQL)
                AND v.fingerprint IS NULL AND v.kind IN ('finding', 'finding_resolved')
                AND v.registration IN (\(SQLList.elements(of: names))))
        """
    }

    /// The parameter `names`.
    static func parameter(_ names: Set<String>) -> SQLValue { .list(texts: names.sorted()) }
}
