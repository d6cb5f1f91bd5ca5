import Foundation
import GRDB

/// The steps and checks of opening a ledger.
extension SQLiteEngine {
    /// The configuration of all connections. Temporary tables and sorters stay in memory, because with a read-only root
    /// SQLite finds no directory for their files.
    static func configuration(label: String) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        // Waiting for another run is better than failing, since cron may run `scan` only once a day.
        configuration.busyMode = .timeout(60)
        configuration.label = label
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        return configuration
    }

    static func reportingPath<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LedgerError {
            throw error
        } catch let error as DatabaseError {
            throw LedgerError(error, at: path)
        } catch {
            throw LedgerError("ledger \(path): cannot be opened: \(error)")
        }
    }

    /// Creates the file with mode 0600, because the ledger names hosts and owners. SQLite would use the process's
    /// umask.
    static func createPrivately(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError("ledger \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }

    /// Runs `body` under a lock on the ledger's directory, so that only one process opens the ledger at a time.
    /// SQLite's switch to the write-ahead log fails at once beside another connection, whatever its busy timeout.
    /// (Closing a lock on the file itself would release SQLite's own locks.)
    static func takingTurns<Value>(at path: String, _ body: () throws -> Value) throws -> Value {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
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

    /// Checks with a read-only connection, so that another program's database is not changed.
    static func requireOwnership(of path: String) throws {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_size > 0 else { return }
        try LedgerOwnership.require(of: readOnly(path), at: path)
    }

    /// Gives the writing connection the memory that a large first scan needs. Most rows go to the end of a table or index,
    /// but some indexes are in no such order: fingerprints, the hashes of lineages, ends and due times. For 100,000
    /// certificates they have 12 MB. With SQLite's 2 MB cache and a checkpoint every 1,000 pages, a first scan of so many
    /// writes twice as much; twice this memory saves nothing.
    static func makeRoomForWriting(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8000")
        }
    }

    /// Sets `synchronous` to FULL on the only writing connection, and reads it back. With the write-ahead log GRDB sets
    /// NORMAL; then a power failure can undo a commit that a delivery has relied on.
    static func requireDurableCommits(_ pool: DatabasePool) throws {
        let level = try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard let level, level >= 2 else {
            throw LedgerError("ledger: SQLite would not set synchronous=FULL, so commits would not be durable")
        }
    }
}
