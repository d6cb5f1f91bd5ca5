import Certificates

extension Severity {
    /// How bad the severity in `column` is, as an expression: a text has another order.
    static func rankInSQL(_ column: SQLText) -> SQLText {
        "CASE \(column) WHEN 'info' THEN 0 WHEN 'warning' THEN 1 WHEN 'critical' THEN 2 END"
    }

    /// What `rankInSQL` stands for.
    init(rank: Int64) {
        self = Self.allCases.indices.contains(Int(rank)) ? Self.allCases[Int(rank)] : .warning
    }
}
