import Foundation
import GRDB
import Synchronization

/// The ledger in one SQLite file: write-ahead log, durable commits, mode 0600.
///
/// The ledger is the file at its path. Each transaction compares the path's device and inode with those of the file that
/// was opened: in a file that was replaced or removed nothing would be remembered, so the transaction fails instead.
package final class SQLiteEngine: LedgerEngine {
    private struct Opened: Sendable {
        let database: any DatabaseWriter
        /// nil for a copy, which no path names.
        let file: FileIdentity?
        var state = State.inUse
    }

    private enum State: Sendable {
        case inUse
        /// The last look found nothing at the path.
        case missing
        /// Another file took its place, and could not be opened yet.
        case closed
    }

    private let opened: Mutex<Opened>
    private let path: String
    private let work: DatabaseWork?
    private let readers: Readers

    /// Who else may write while something is read.
    enum Readers {
        /// Others: each read is a snapshot.
        case besideWriters
        /// Nobody: there is one connection alone. GRDB would make it refuse writes for each read, by a pragma after which SQLite
        /// compiles all statements anew.
        case alone
    }

    /// `path` is what messages name; `file` identifies what lies there, nil where nothing does.
    init(database: any DatabaseWriter, file: FileIdentity?, path: String, readers: Readers) {
        opened = Mutex(Opened(database: database, file: file))
        self.path = path
        self.readers = readers
        work = nil
    }

    /// Opens the file, making it where it is missing, and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - work: counts what is done; nil to count nothing.
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

    /// In the caller's thread: nobody else uses the connection, and two changes of the thread cost more than most transactions.
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

    /// A file that is missing at the first look may be on its way: only at the second a new ledger is begun.
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

    /// Empties the write-ahead log of a ledger whose place another file took, and closes it. The log lies beside the new
    /// file, under the name that the new one's has: SQLite would read it into the new ledger.
    private static func abandon(_ database: any DatabaseWriter, path: String) throws {
        try reportingPath(path) {
            // A connection keeps the files that it opened, whatever their names mean by now.
            try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try database.close()
        }
    }

    /// The database, as long as its path names it.
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
    /// What SQLite says, without the statement: that is no help to the one who reads it.
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
