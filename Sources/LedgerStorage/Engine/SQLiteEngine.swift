import Foundation
import GRDB
import Synchronization

/// The ledger in one SQLite file: write-ahead log, durable commits, mode 0600.
///
/// The ledger is the file at its path. Each transaction compares the path's device and inode with those of the open
/// file. If they differ, the file was replaced or removed and writes to it would be lost, so the transaction fails.
package final class SQLiteEngine: LedgerEngine {
    private struct Opened: Sendable {
        let database: any DatabaseWriter
        /// nil for a copy, which has no path.
        let file: FileIdentity?
        var state = State.inUse
    }

    private enum State: Sendable {
        case inUse
        /// The last check found no file at the path.
        case missing
        /// The file was replaced, and the new one could not be opened yet.
        case closed
    }

    private let opened: Mutex<Opened>
    private let path: String
    private let work: DatabaseWork?
    private let readers: Readers

    /// Whether others can write during a read.
    enum Readers {
        /// Others can write, so each read is a snapshot.
        case besideWriters
        /// There is only one connection. For each read GRDB would set a pragma that refuses writes, after which SQLite
        /// compiles all statements again.
        case alone
    }

    /// `path` is the name in messages. `file` identifies the file there; nil without a file.
    init(database: any DatabaseWriter, file: FileIdentity?, path: String, readers: Readers) {
        opened = Mutex(Opened(database: database, file: file))
        self.path = path
        self.readers = readers
        work = nil
    }

    /// Opens the file, creates it if it is missing, and migrates its schema.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - work: counts the work; nil to count nothing.
    /// - Throws: `LedgerError` when it cannot be opened, is damaged, belongs to another program, is newer than this
    ///   program, or would not be durable.
    package init(path: String, counting work: DatabaseWork? = nil) throws {
        opened = Mutex(try Self.open(path))
        self.path = path
        self.work = work
        readers = .besideWriters
    }

    private static func open(_ path: String) throws -> Opened {
        try reportingPath(path) {
            try createPrivately(path)
            return try takingTurns(at: path) {
                let file = FileIdentity(path: path)
                try requireOwnership(of: path)
                let pool = try DatabasePool(path: path, configuration: configuration(label: "ledger"))
                try requireDurableCommits(pool)
                try makeRoomForWriting(pool)
                try SQLiteSchema.migrate(pool)
                guard file == FileIdentity(path: path) else { throw replaced(path) }
                return Opened(database: pool, file: file)
            }
        }
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let database = try current()
        let work = work
        let value = try await reportingPath {
            switch readers {
            case .besideWriters: try await database.write { try body(SQLiteSession(database: $0, counting: work)) }
            case .alone: try Self.writeAtOnce(to: database, body)
            }
        }
        work?.didCommit()
        return value
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let database = try current()
        let work = work
        return try await reportingPath {
            switch readers {
            case .besideWriters:
                try await database.read { try body(SQLiteSession(database: $0, counting: work)) }
            case .alone:
                try Self.readAtOnce(from: database, body)
            }
        }
    }

    /// Runs on the caller's thread. No other task uses the connection, and two thread switches cost more than most transactions.
    private static func writeAtOnce<Value>(
        to database: any DatabaseWriter, _ body: (any SQLSession) throws -> Value
    ) throws -> Value {
        try database.write { try body(SQLiteSession(database: $0, counting: nil)) }
    }

    private static func readAtOnce<Value>(
        from database: any DatabaseWriter, _ body: (any SQLSession) throws -> Value
    ) throws -> Value {
        try database.unsafeRead { try body(SQLiteSession(database: $0, counting: nil)) }
    }

    /// The caches of a large pass are many times the size of what the next one needs if nothing has changed.
    package func releaseMemory() async {
        let database = opened.withLock { $0 }.database
        // The readers free their memory when they close, and are opened again when they are needed.
        (database as? DatabasePool)?.releaseMemoryEventually()
        // The writer works in order, so that its memory is free when this returns. It fails only when it is closed.
        try? await database.writeWithoutTransaction { $0.releaseMemory() }
    }

    /// Creates a new ledger only when the file is missing at two checks in a row, since a file may be in the middle of
    /// being replaced.
    package func reopenIfReplaced() throws -> LedgerPlace {
        let before = opened.withLock { $0 }
        guard let file = before.file else { return .unchanged }
        switch (FileIdentity(path: path), before.state) {
        case (file, .inUse), (file, .missing):
            opened.withLock { $0.state = .inUse }
            return .unchanged
        case (nil, .inUse):
            opened.withLock { $0.state = .missing }
            throw Self.removed(path)
        case (_, .inUse), (_, .missing):
            try Self.abandon(before.database, path: path)
            opened.withLock { $0.state = .closed }
        case (_, .closed): break
        }
        let anew = try Self.open(path)
        opened.withLock { $0 = anew }
        return .openedAnew
    }

    /// Empties the write-ahead log of a ledger whose file was replaced, and closes it. The log has the same name as the
    /// new file's log, so SQLite would otherwise read it into the new ledger.
    private static func abandon(_ database: any DatabaseWriter, path: String) throws {
        try reportingPath(path) {
            // The connection still refers to the files that it opened, whatever their names refer to now.
            try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try database.close()
        }
    }

    /// The database, if its path still refers to the open file.
    private func current() throws -> any DatabaseWriter {
        let opened = opened.withLock { $0 }
        guard let file = opened.file else { return opened.database }
        switch FileIdentity(path: path) {
        case file: return opened.database
        case nil: throw Self.removed(path)
        case .some: throw Self.replaced(path)
        }
    }

    private static func replaced(_ path: String) -> LedgerError {
        LedgerError(
            """
            ledger \(path): another file took its place while it was in use; nothing more is recorded in the old one, and the \
            next pass opens the new one
            """)
    }

    private static func removed(_ path: String) -> LedgerError {
        LedgerError(
            """
            ledger \(path): the file was removed while it was in use: put it or a backup back, or the next pass begins a new \
            ledger and tells again what is true
            """)
    }

    private func reportingPath<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw LedgerError(error, at: path)
        } catch let damage as LedgerDamage {
            throw Self.damage(of: path, damage.what)
        }
    }
}

extension LedgerError {
    /// SQLite's message without the statement, which does not help the user.
    init(_ error: DatabaseError, at path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init(
                """
                ledger \(path): this file is no ledger, or is damaged: give `state` a path of its own, or put a backup back \
                (SQLite \(error.extendedResultCode.rawValue))
                """)
        default:
            self.init(
                "ledger \(path): \(error.message ?? "failed") (SQLite \(error.extendedResultCode.rawValue))")
        }
    }
}
