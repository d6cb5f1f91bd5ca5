import GRDB
import GRDBSQLite

/// A session on a GRDB connection. GRDB opens, locks and prepares. Values are bound and rows are stepped by SQLite
/// directly, because the boxes that GRDB allocates for each value cost more than most statements.
final class SQLiteSession: SQLSession {
    private let database: Database
    /// A second cache before GRDB's, since a transaction repeats few statements very often.
    private var statements: [SQLText: Statement] = [:]
    private let work: DatabaseWork?

    init(database: Database, counting work: DatabaseWork?) {
        self.database = database
        self.work = work
    }

    func execute(_ sql: SQLText, _ parameters: [SQLValue]) throws -> Int {
        try forEachRow(sql, parameters) { _ in true }
        return database.changesCount
    }

    func forEachRow(_ sql: SQLText, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        let prepared = try statement(sql)
        let statement = prepared.sqliteStatement
        defer {
            count(sql, statement)
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in parameters.enumerated() {
            try require(bind(value, to: Int32(index + 1), of: statement))
        }
        let current = SQLiteRow(statement: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: guard try row(current) else { return }
            case SQLITE_DONE: return
            case let code: try require(code)
            }
        }
    }

    private func bind(_ value: SQLValue, to index: Int32, of statement: OpaquePointer?) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            // The pointer of an empty array may be NULL.
            guard !text.isEmpty else { return sqlite3_bind_text(statement, index, "", 0, copied) }
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, index, $0.baseAddress, Int32($0.count), copied)
                }
            }
        case .blob(let bytes):
            // The pointer of an empty array may be NULL, which SQLite would store as NULL.
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied)
            }
        }
    }

    private func require(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let message = String(cString: sqlite3_errmsg(database.sqliteConnection))
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    private func count(_ sql: SQLText, _ statement: OpaquePointer?) {
        guard let work else { return }
        // The 1 resets SQLite's counter.
        work.didExecute(sql.text, steps: Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)))
    }

    private func statement(_ sql: SQLText) throws -> Statement {
        if let statement = statements[sql], sqlite3_stmt_busy(statement.sqliteStatement) == 0 { return statement }
        let text = SQLiteText.text(of: sql)
        let statement = try database.cachedStatement(sql: text)
        // A statement whose rows are being read cannot be run again.
        guard sqlite3_stmt_busy(statement.sqliteStatement) == 0 else { return try database.makeStatement(sql: text) }
        statements[sql] = statement
        return statement
    }
}

/// The current row of a statement.
private struct SQLiteRow: SQLRow {
    let statement: OpaquePointer?

    func integer(_ column: Int) -> Int64? {
        isNull(column) ? nil : sqlite3_column_int64(statement, Int32(column))
    }

    func text(_ column: Int) -> String? {
        guard let bytes = sqlite3_column_text(statement, Int32(column)) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        let bytes = sqlite3_column_blob(statement, Int32(column))
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, Int32(column)))))
    }

    private func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
}

/// SQLITE_TRANSIENT: SQLite copies the bound memory, which is valid only during the call.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
