import Foundation
import GRDB

/// The ledger in one SQLite file: write-ahead log, durable commits, mode 0600.
package struct SQLiteEngine: LedgerEngine {
    private let database: any DatabaseWriter
    private let path: String

    /// `path` is what messages name.
    init(database: any DatabaseWriter, path: String) {
        self.database = database
        self.path = path
    }

    /// Opens the file, making it where it is missing, and brings its schema up to date.
    ///
    /// - Throws: `LedgerError` when it cannot be opened, is damaged, is newer than this program, or would not be durable.
    package init(path: String) throws {
        self.path = path
        do {
            try Self.createPrivately(path)
            var configuration = GRDB.Configuration()
            // Waiting for another run is better than failing: a pass is made once a day by some.
            configuration.busyMode = .timeout(60)
            configuration.label = "ledger"
            database = try Self.takingTurns(at: path) {
                let pool = try DatabasePool(path: path, configuration: configuration)
                try Self.requireDurableCommits(pool)
                try SQLiteSchema.migrate(pool)
                return pool
            }
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError("ledger \(path): cannot be opened: \(error)")
        }
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await reportingPath { try await database.write { try body(SQLiteSession(database: $0)) } }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await reportingPath { try await database.read { try body(SQLiteSession(database: $0)) } }
    }

    private func reportingPath<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw LedgerError(
                "ledger \(path): \(error.message ?? "failed") (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    /// SQLite makes files with the process's umask; the ledger names hosts and owners, so it is nobody else's to read.
    private static func createPrivately(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError("ledger \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }

    /// Opens while nobody else does, by a lock on the ledger's directory: SQLite's switch to the write-ahead log fails at
    /// once beside another connection, however long it was told to wait. (A lock on the file itself would do away with
    /// SQLite's own when it is closed.)
    private static func takingTurns<Value>(at path: String, _ body: () throws -> Value) throws -> Value {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LedgerError("ledger \(path): \(directory): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw LedgerError("ledger \(path): \(directory) cannot be locked: \(String(cString: strerror(errno)))")
            }
        }
        return try body()
    }

    /// GRDB sets `synchronous` to NORMAL with the write-ahead log; then a power cut may take back a commit that a
    /// delivery has relied on. So it is set here, on the one writing connection, and read back.
    private static func requireDurableCommits(_ pool: DatabasePool) throws {
        let level = try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard let level, level >= 2 else {
            throw LedgerError("ledger: SQLite would not set synchronous=FULL, so commits would not be durable")
        }
    }
}

/// GRDB's connection as a session of ours.
final class SQLiteSession: SQLSession {
    private let database: Database
    /// By our text. GRDB has a cache of its own, but a transaction repeats few statements very often.
    private var statements: [String: Statement] = [:]

    init(database: Database) {
        self.database = database
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        let statement = try prepared(sql, parameters)
        try statement.execute()
        return database.changesCount
    }

    func forEachRow(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        let cursor = try Row.fetchCursor(try prepared(sql, parameters))
        while let next = try cursor.next() {
            guard try row(SQLiteRow(row: next)) else { return }
        }
    }

    private func prepared(_ sql: String, _ parameters: [SQLValue]) throws -> Statement {
        let statement = try statement(sql)
        // Optional, because for plain values GRDB makes a key path anew each time, which costs as much as the binding.
        let values: [(any DatabaseValueConvertible)?] = parameters.map { $0.databaseValue }
        statement.setUncheckedArguments(StatementArguments(values))
        return statement
    }

    private func statement(_ sql: String) throws -> Statement {
        if let statement = statements[sql] { return statement }
        // SQLite takes "$1" for a name; "?1" is its word for a numbered parameter.
        let translated = sql.utf8.map { $0 == UInt8(ascii: "$") ? UInt8(ascii: "?") : $0 }
        let statement = try database.cachedStatement(sql: String(decoding: translated, as: UTF8.self))
        statements[sql] = statement
        return statement
    }
}

private struct SQLiteRow: SQLRow {
    let row: Row

    func integer(_ column: Int) -> Int64? { row[column] }
    func text(_ column: Int) -> String? { row[column] }
    func blob(_ column: Int) -> [UInt8]? {
        let data: Data? = row[column]
        return data.map { Array($0) }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}
