import Certificates
import ExpiryRules

/// Reads the columns of one row in their order. A value that the schema does not allow or that this version does not
/// know is an error, never a default: the ledger is damaged, or a newer version wrote it.
struct RowReader {
    private let row: any SQLRow
    private let sql: SQLText
    private var column = 0

    init(_ row: any SQLRow, of sql: SQLText) {
        self.row = row
        self.sql = sql
    }

    mutating func integer() throws -> Int64 { try required(optionalInteger()) }
    mutating func count() throws -> Int { Int(try integer()) }
    mutating func flag() throws -> Bool { try integer() != 0 }
    mutating func text() throws -> String { try required(optionalText()) }
    mutating func blob() throws -> [UInt8] { try required(optionalBlob()) }
    mutating func instant() throws -> Instant { Instant(seconds: try integer()) }
    mutating func fingerprint() throws -> Fingerprint { try required(optionalFingerprint()) }

    /// A value of an enum whose raw values the ledger stores.
    mutating func value<Value: RawRepresentable<String>>(_ type: Value.Type = Value.self) throws -> Value {
        try required(optionalValue(type))
    }

    /// The subject of a notice.
    mutating func subject() throws -> NoticeSubject { try required(NoticeSubject(text: try text())) }

    /// A list of stages, by their seconds before the end, with commas between them.
    mutating func stages() throws -> [Stage] {
        let parts = try text().split(separator: ",")
        return try parts.map { Stage(secondsBefore: try required(Int64($0))) }
    }

    mutating func optionalInteger() -> Int64? { row.integer(next()) }
    mutating func optionalCount() -> Int? { optionalInteger().map(Int.init) }
    mutating func optionalText() -> String? { row.text(next()) }
    mutating func optionalBlob() -> [UInt8]? { row.blob(next()) }
    mutating func optionalInstant() -> Instant? { optionalInteger().map(Instant.init(seconds:)) }

    /// - Throws: `LedgerDamage` when the stored value is not a fingerprint.
    mutating func optionalFingerprint() throws -> Fingerprint? {
        guard let bytes = optionalBlob() else { return nil }
        return try required(Fingerprint(bytes: bytes))
    }

    /// - Throws: `LedgerDamage` when the stored value is not a case of the enum.
    mutating func optionalValue<Value: RawRepresentable<String>>(_ type: Value.Type = Value.self) throws -> Value? {
        guard let text = optionalText() else { return nil }
        guard let value = Value(rawValue: text) else { throw unknown(text) }
        return value
    }

    private mutating func next() -> Int {
        defer { column += 1 }
        return column
    }

    /// `value` of the column that was read last. It is mutating so that the argument, which reads the column, is
    /// evaluated before.
    ///
    /// - Throws: `LedgerDamage` when it is nil.
    mutating func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw unknown(row.text(column - 1)) }
        return value
    }

    private func unknown(_ text: String?) -> LedgerDamage {
        let value = text.map { "\"\($0.prefix(60))\"" } ?? "nothing"
        let statement = sql.text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120)
        return LedgerDamage(
            "column \(column) of \"\(statement)...\" holds \(value), unless a newer version of notafter has written it")
    }
}

extension SQLSession {
    /// All rows of a query with few rows.
    func all<Value>(
        _ sql: SQLText, _ parameters: [SQLValue] = [], _ read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try forEachRow(sql, parameters) { row in
            var reader = RowReader(row, of: sql)
            values.append(try read(&reader))
            return true
        }
        return values
    }

    /// The first row of a query; nil without one.
    func one<Value>(
        _ sql: SQLText, _ parameters: [SQLValue] = [], _ read: (inout RowReader) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try forEachRow(sql, parameters) { row in
            var reader = RowReader(row, of: sql)
            value = try read(&reader)
            return false
        }
        return value
    }

    /// Whether a query has a row.
    func exists(_ sql: SQLText, _ parameters: [SQLValue] = []) throws -> Bool {
        var isAny = false
        try forEachRow(sql, parameters) { _ in
            isAny = true
            return false
        }
        return isAny
    }
}
