/// Withholds what waits about endpoints until they were probed again: what has mended itself meanwhile is not told.
enum UnprobedEndpoints {
    /// A condition on a delivery `d`: whether it, or another part of its message, is about one of the endpoints whose names
    /// the parameter `names` lists.
    static func areConcernedInSQL(names: SQLText) -> SQLText {
        """
        \(names) <> '[]' AND EXISTS (
            SELECT 1 FROM deliveries u CROSS JOIN notices v
            WHERE v.id = u.notice_id AND (u.id = d.id OR u.message = d.message) AND u.\(DeliveryState.isOpenInSQL)
                AND v.fingerprint IS NULL AND v.kind IN ('finding', 'finding_resolved')
                AND v.registration IN (\(SQLList.elements(of: names))))
        """
    }

    /// Names for that parameter.
    static func parameter(_ names: Set<String>) -> SQLValue { .list(texts: names.sorted()) }
}
