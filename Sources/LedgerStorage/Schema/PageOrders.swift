import Certificates

/// Conditions that the indexes of the status page's lists share with their queries. SQLite uses such an
/// index only for statements that repeat its text.
extension ExpiryPosition {
    /// Whether a judgement lets its certificate end before its own notAfter.
    static let endsEarlyInSQL: SQLText = "expires_at IS NOT NULL AND successor IS NULL"
}

extension OpenNotice {
    /// Whether a notice reports something that is true now, and is no resolution.
    static let isOpenInSQL: SQLText = "state = 'open' AND kind IN ('expiring', 'expired', 'finding')"
}
