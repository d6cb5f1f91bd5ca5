import Certificates

extension Severity {
    /// How bad the severity in `column` is, as an expression: a text has another order.
    static func rankInSQL(_ column: String) -> String {
        let cases = allCases.enumerated().map { "WHEN '\($1.rawValue)' THEN \($0)" }
        return "CASE \(column) \(cases.joined(separator: " ")) END"
    }

    /// What `rankInSQL` stands for.
    init(rank: Int64) {
        self = Self.allCases.indices.contains(Int(rank)) ? Self.allCases[Int(rank)] : .warning
    }
}
