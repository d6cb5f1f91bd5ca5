/// A statement that takes many rows at once, as `VALUES`. It has two texts, for a fixed number of rows and for one row,
/// so that the number of prepared statements does not depend on the number of rows.
struct SQLBulk: Sendable {
    private static let rowsAtOnce = 32

    fileprivate let one: SQLText
    fileprivate let many: SQLText

    /// - Parameters:
    ///   - columns: the number of columns in a row.
    ///   - text: the statement around the `VALUES`.
    init(columns: Int, _ text: (_ rows: SQLText) -> SQLText) {
        one = text(.values(columns: columns, rows: 1))
        many = text(.values(columns: columns, rows: Self.rowsAtOnce))
    }

    /// Calls `body` with each statement that stores `rows`, and with its parameters.
    fileprivate func forEachStatement(
        storing rows: [[SQLValue]], _ body: (SQLText, [SQLValue]) throws -> Void
    ) rethrows {
        var start = 0
        while rows.count - start >= Self.rowsAtOnce {
            try body(many, rows[start..<start + Self.rowsAtOnce].flatMap(\.self))
            start += Self.rowsAtOnce
        }
        for row in rows[start...] { try body(one, row) }
    }
}

extension SQLSession {
    /// Runs a statement for many rows.
    func executeAll(_ bulk: SQLBulk, _ rows: [[SQLValue]]) throws {
        try bulk.forEachStatement(storing: rows) { _ = try execute($0, $1) }
    }

    /// Runs a statement for many rows, and reads the rows that it returns.
    func all<Value>(
        _ bulk: SQLBulk, _ rows: [[SQLValue]], _ read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try bulk.forEachStatement(storing: rows) { values += try all($0, $1, read) }
        return values
    }
}
