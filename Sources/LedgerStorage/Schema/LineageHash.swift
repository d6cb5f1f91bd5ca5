/// A hash that certificates of one lineage share. Its index has only the first 8 bytes, which are enough to find the few
/// candidates. Each is then compared whole.
enum LineageHash {
    case names
    case publicKey

    private var column: SQLText {
        switch self {
        case .names: "lineage_names"
        case .publicKey: "lineage_public_key"
        }
    }

    /// A condition: whether the hash of the certificate `table` is the value in `parameter`. The first part has the text of
    /// the index.
    func isInSQL(_ table: SQLText, _ parameter: SQLText) -> SQLText {
        """
        (substr(\(table).\(column), 1, 8) = substr(\(parameter), 1, 8) AND \(table).\(column) = \(parameter))
        """
    }

    /// A condition: whether two certificates have the same hash. The index of `table` is searched.
    func matchesInSQL(_ table: SQLText, _ other: SQLText) -> SQLText {
        isInSQL(table, "\(other).\(column)")
    }
}
