import Foundation
import GRDB

/// The checks between a path and an open ledger.
extension SQLiteEngine {
    /// What all connections have in common. Temporary tables and sorters stay in memory: below a read-only root SQLite finds
    /// no directory for their files.
    static func configuration(label: String) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        // Waiting for another run is better than failing: a pass is made once a day by some.
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

    /// SQLite makes files with the process's umask; the ledger names hosts and owners, so only its owner may read it.
    static func createPrivately(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError("ledger \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }

    /// Opens while nobody else does, by a lock on the ledger's directory: SQLite's switch to the write-ahead log fails at
    /// once beside another connection, however long it was told to wait. (A lock on the file itself would do away with
    /// SQLite's own when it is closed.)
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

    /// Looks with a connection that cannot write: another program's database stays as it is.
    static func requireOwnership(of path: String) throws {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_size > 0 else { return }
        try LedgerOwnership.require(of: readOnly(path), at: path)
    }

    /// GRDB sets `synchronous` to NORMAL with the write-ahead log; then a power cut may take back a commit that a
    /// delivery has relied on. So it is set here, on the one writing connection, and read back.
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
