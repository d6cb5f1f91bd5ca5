/// One connection inside one transaction: the interface that the ledger needs from a database.
///
/// Statements have the parameters `$1`, `$2`, ... of PostgreSQL. Each engine binds them in its own way, so that the
/// same text works with both. It is not Sendable, because it is valid only inside the closure that receives it.
package protocol SQLSession {
    /// Runs a statement that returns no rows.
    ///
    /// - Returns: the number of changed rows.
    /// - Throws: `LedgerError` with the engine's reason.
    @discardableResult
    func execute(_ sql: SQLText, _ parameters: [SQLValue]) throws -> Int

    /// Runs a query and passes its rows one by one to `row`, which returns false to stop. Memory does not grow with the
    /// number of rows.
    ///
    /// - Throws: `LedgerError`, or what `row` throws.
    func forEachRow(_ sql: SQLText, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws
}

/// A row of a query's result. Columns count from 0.
package protocol SQLRow {
    func integer(_ column: Int) -> Int64?
    func text(_ column: Int) -> String?
    func blob(_ column: Int) -> [UInt8]?
}

/// A value for a parameter.
package enum SQLValue: Hashable, Sendable, ExpressibleByNilLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral
{
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    package init(nilLiteral: ()) { self = .null }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }

    package init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
    package init(_ value: Int) { self = .integer(Int64(value)) }
    package init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }
    package init(_ value: [UInt8]?) { self = value.map(SQLValue.blob) ?? .null }
}

extension SQLSession {
    /// All rows of a query with few rows.
    package func query<Value>(
        _ sql: SQLText, _ parameters: [SQLValue] = [], _ row: (any SQLRow) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try forEachRow(sql, parameters) {
            values.append(try row($0))
            return true
        }
        return values
    }

    /// The first row of a query; nil without one.
    package func first<Value>(
        _ sql: SQLText, _ parameters: [SQLValue] = [], _ row: (any SQLRow) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try forEachRow(sql, parameters) {
            value = try row($0)
            return false
        }
        return value
    }
}
