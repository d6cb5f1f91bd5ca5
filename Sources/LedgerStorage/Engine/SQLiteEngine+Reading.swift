import Foundation
import GRDB

/// Opens a ledger for reading. Neither the file nor its directory is written.
extension SQLiteEngine {
    /// Opens the file for reading. If an older version wrote it, a migrated copy is read.
    ///
    /// - Throws: `LedgerError` when it cannot be read, is damaged, belongs to another program, or is newer than this
    ///   program.
    package convenience init(reading path: String) throws {
        let database = try Self.reportingPath(path) {
            let database = try Self.readOnly(path)
            try LedgerOwnership.require(of: database, at: path)
            return try SQLiteSchema.isCurrent(database) ? database : Self.copy(of: database, path: path)
        }
        self.init(database: database, file: nil, path: path, readers: .besideWriters)
    }

    /// Copies the ledger at `path` to a private temporary database. The ledger is only read.
    ///
    /// - Throws: `LedgerError` when it cannot be read, is damaged, belongs to another program, or is newer than this
    ///   program.
    convenience init(copyOf path: String) throws {
        let copy = try Self.reportingPath(path) {
            let database = try Self.readOnly(path)
            try LedgerOwnership.require(of: database, at: path)
            return try Self.copy(of: database, path: path)
        }
        self.init(database: copy, file: nil, path: "copy of \(path)", readers: .alone)
    }

    private static func copy(of database: DatabaseQueue, path: String) throws -> DatabaseQueue {
        do {
            let copy = try temporaryDatabase()
            try database.backup(to: copy)
            try requireSoundness(of: copy, copiedFrom: path)
            try SQLiteSchema.migrate(copy)
            return copy
        } catch let error as DatabaseError where meansDamage.contains(error.resultCode) {
            throw damage(of: path, error.message ?? "\(error)")
        }
    }

    private static let meansDamage: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB]

    /// A temporary file that SQLite deletes when it is closed (an empty name means this), or a database in memory if
    /// there is no directory for temporary files.
    private static func temporaryDatabase() throws -> DatabaseQueue {
        var configuration = configuration(label: "copy of the ledger")
        // The copy is discarded after a crash, so its rollback journal can stay in memory.
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA journal_mode = MEMORY")
        }
        return hasDirectoryForTemporaryFiles
            ? try DatabaseQueue(path: "", configuration: configuration)
            : try DatabaseQueue(configuration: configuration)
    }

    /// The directories that SQLite tries (sqlite.org/tempfiles.html).
    private static var hasDirectoryForTemporaryFiles: Bool {
        let environment = ProcessInfo.processInfo.environment
        let named = ["SQLITE_TMPDIR", "TMPDIR"].compactMap { environment[$0] }
        return (named + ["/var/tmp", "/usr/tmp", "/tmp", "."]).contains { access($0, W_OK | X_OK) == 0 }
    }

    /// Opens a read-only connection. For a write-ahead log SQLite needs a shared index file and creates a missing one.
    /// In a directory that cannot be written it can do without if the log is empty.
    static func readOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration(label: "ledger to be read")
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError where needsWriteAccess.contains(error.resultCode) {
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw LedgerError("ledger \(path): \(String(cString: strerror(errno)))") }
            close(descriptor)
            guard isEmpty("\(path)-wal") else {
                throw LedgerError(
                    """
                    ledger \(path): its last commits lie in \(path)-wal, which cannot be read without write access to the \
                    directory: run this as the ledger's owner
                    """)
            }
            return try DatabaseQueue(path: immutableURI(of: path), configuration: configuration)
        }
    }

    private static let needsWriteAccess: [ResultCode] = [.SQLITE_CANTOPEN, .SQLITE_READONLY]

    private static func isEmpty(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_size == 0
    }

    private static func immutableURI(of path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let encoded = absolute.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? absolute
        return "file:\(encoded)?immutable=1"
    }

    /// Checks the copy, because rows on a damaged page would be missing without an error.
    private static func requireSoundness(of copy: DatabaseQueue, copiedFrom path: String) throws {
        let verdict = try copy.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") } ?? "no answer"
        guard verdict == "ok" else { throw damage(of: path, verdict) }
    }

    static func damage(of path: String, _ what: String) -> LedgerError {
        LedgerError("ledger \(path) is damaged: put a backup back, or move it away and scan anew (\(what))")
    }
}
