import Certificates
import ExpiryRules

/// Conditions on rows that several statements share.
extension DeliveryState {
    /// `isOpen` as a condition. A partial index has exactly this text, and SQLite uses it only for statements that
    /// repeat the text.
    static let isOpenInSQL: SQLText = "state IN (\(SQLText(listing: allCases.filter(\.isOpen))))"

    /// `isClaimable` as a condition. It contains `isOpenInSQL` for the partial indexes.
    static let isClaimableInSQL: SQLText = "\(isOpenInSQL) AND state <> \(SQLText(DeliveryState.sending))"

    /// The due time of a delivery that is held for manual retry: `Instant.noWellDefinedExpiry`.
    static let neverInSQL: SQLText = "253402300799"

    /// A condition on a delivery `d`: whether it waits for the end of quiet hours at the parameter `now`.
    static func isQuietInSQL(now: SQLText) -> SQLText { "coalesce(d.quiet_until, 0) > \(now)" }
}

extension Silence {
    /// A condition on a silence `s`: whether it is active at the time in the parameter `now`.
    static func isActiveInSQL(now: SQLText) -> SQLText { "s.ended_at IS NULL AND s.ends_at > \(now)" }
}

extension NoticeKind {
    /// The kinds for which `isResolution` is true, as the elements of an SQL list.
    static let resolutionsInSQL = SQLText(listing: allCases.filter(\.isResolution))
}

extension NoticeSubject {
    /// A condition on a notice `n`: whether it is a finding about a receiver.
    static let isOfReceiverInSQL: SQLText = {
        let codes = FindingCode.all(about: .receiver).map { code -> SQLText in
            let prefix: SQLText = "'finding:notafter:' || \(SQLText(code)) || ':'"
            return "substr(n.subject, 1, length(\(prefix))) = \(prefix)"
        }
        return "(\(SQLText.joined(codes, by: " OR ")))"
    }()

    /// A condition on a notice `n`: whether it counts as missed when it expires undelivered. A summary does not count,
    /// since the next one replaces it. Neither does a finding about a receiver, because two unreachable receivers would
    /// otherwise create notices about each other without end.
    static let isMissedInSQL: SQLText = "n.kind <> 'summary' AND NOT \(isOfReceiverInSQL)"
}

extension Severity {
    /// The rank of the severity in `column`, as an expression, because texts have another order.
    static func rankInSQL(_ column: SQLText) -> SQLText {
        "CASE \(column) WHEN 'info' THEN 0 WHEN 'warning' THEN 1 WHEN 'critical' THEN 2 END"
    }

    /// The severity of a rank from `rankInSQL`; nil for a rank that no severity has.
    init?(rank: Int64) {
        guard let severity = Self.allCases.dropFirst(Int(clamping: max(0, rank))).first, rank >= 0 else { return nil }
        self = severity
    }
}
