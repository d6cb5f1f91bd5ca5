import GRDB

extension SQLiteEngine {
    /// A copy of the ledger at `path`, in a temporary database that nobody else sees. The ledger is only read.
    ///
    /// - Throws: `LedgerError` when it cannot be read, is damaged, or is newer than this program.
    init(copyOf path: String) throws {
        do {
            // An empty name is SQLite's word for a temporary file, which is gone when it is closed.
            let copy = try DatabaseQueue(path: "")
            try Self.readOnly(path).backup(to: copy)
            try Self.requireSoundness(of: copy, copiedFrom: path)
            try SQLiteSchema.migrate(copy)
            self.init(database: copy, path: "copy of \(path)")
        } catch let error as LedgerError {
            throw error
        } catch let error as DatabaseError where Self.meansDamage.contains(error.resultCode) {
            throw Self.damage(of: path, error.message ?? "\(error)")
        } catch {
            throw LedgerError("ledger \(path): cannot be read: \(error)")
        }
    }

    private static let meansDamage: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB]

    private static func readOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        // Somebody may just be opening it.
        configuration.busyMode = .timeout(10)
        configuration.label = "ledger to be copied"
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// What a damaged page hides would be missing without a word.
    private static func requireSoundness(of copy: DatabaseQueue, copiedFrom path: String) throws {
        let verdict = try copy.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") } ?? "no answer"
        guard verdict == "ok" else { throw damage(of: path, verdict) }
    }

    private static func damage(of path: String, _ what: String) -> LedgerError {
        LedgerError("ledger \(path) is damaged: put a backup back, or move it away and scan anew (\(what))")
    }
}
