import Foundation
import LedgerStorage
import TestSupport
import Testing

/// The file at the ledger's path: its owner, and whether it is still the opened one.
struct LedgerFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path(of: "ledger.db")
    }

    private func addRun(to engine: SQLiteEngine) async throws {
        _ = try await engine.write { try $0.execute("INSERT INTO runs(started_at) VALUES(1)", []) }
    }

    private func runs(in engine: SQLiteEngine) async throws -> Int64? {
        try await engine.read { try $0.first("SELECT count(*) FROM runs") { $0.integer(0) ?? 0 } }
    }

    private func pragma(_ name: SQLText, of engine: SQLiteEngine) async throws -> Int64? {
        try await engine.read { try $0.first("PRAGMA \(name)") { $0.integer(0) ?? 0 } }
    }

    /// Runs a statement on a database that need not be a ledger.
    private func sqlite(_ statements: String, at path: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: try RequiredTool("sqlite3").path)
        process.arguments = [path, statements]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(statements)")
    }

    @Test(arguments: [
        "CREATE TABLE users(a); INSERT INTO users VALUES(1)",
        "CREATE TABLE notices(a); CREATE TABLE deliveries(a)",
        "PRAGMA application_id = 7; CREATE TABLE t(a)",
        "PRAGMA application_id = 7",
        "PRAGMA journal_mode = WAL; CREATE TABLE users(a)",
        "CREATE TABLE grdb_migrations(identifier TEXT); CREATE TABLE player(a)",
    ])
    func `another program's database is refused in one line and stays as it is`(statements: String) throws {
        try sqlite(statements, at: path)
        let before = try Data(contentsOf: URL(filePath: path))
        for open in [Ledger.init(sqliteFile:), Ledger.init(readingSQLiteFile:), Ledger.init(copyOfSQLiteFile:)] {
            let error = try #require(throws: LedgerError.self) { try open(path) }
            #expect(error.description.hasPrefix("ledger \(path): this database belongs to another program"))
            #expect(error.description.contains("`state`") && !error.description.contains("\n"))
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `a ledger says whose it is, also one from before ledgers did`() async throws {
        var engine = try SQLiteEngine(path: path)
        #expect(try await pragma("application_id", of: engine) == 0x6E6F_7461)
        try await addRun(to: engine)
        _ = try await engine.write { session in
            try session.execute("PRAGMA application_id = 0", [])
            return try session.execute("DELETE FROM grdb_migrations WHERE identifier = '2'", [])
        }
        let reader = try SQLiteEngine(reading: path)
        #expect(try await runs(in: reader) == 1, "an older ledger is read without being changed")
        #expect(try await pragma("application_id", of: engine) == 0)
        engine = try SQLiteEngine(path: path)
        #expect(try await pragma("application_id", of: engine) == 0x6E6F_7461)
        #expect(try await runs(in: engine) == 1)
    }

    @Test func `temporary tables lie in memory`() async throws {
        #expect(try await pragma("temp_store", of: try SQLiteEngine(path: path)) == 2)
        #expect(try await pragma("temp_store", of: try SQLiteEngine(reading: path)) == 2)
    }

    @Test func `a ledger that has released its memory works on, and as durably`() async throws {
        let engine = try SQLiteEngine(path: path)
        try await addRun(to: engine)
        #expect(try await runs(in: engine) == 1)
        await engine.releaseMemory()
        try await addRun(to: engine)
        #expect(try await runs(in: engine) == 2)
        #expect(try await pragma("temp_store", of: engine) == 2, "the readers that were opened again are set up alike")
        let synchronous = try await engine.write { try $0.first("PRAGMA synchronous") { $0.integer(0) ?? 0 } }
        #expect(synchronous == 2)
    }

    @Test(arguments: ["NULL", "'a reason of a later version'"])
    func `a silence that ended for no reason we know is damage, and no silence that expired`(reason: String)
        async throws
    {
        let ledger = try Ledger(sqliteFile: path)
        #expect(try await ledger.silences().isEmpty)
        try sqlite(
            """
            INSERT INTO silences(matchers, author, reason, created_at, ends_at, ended_at, ended_because)
            VALUES('owner=ops', 'alice', 'CHG-1', 1, 9, 5, \(reason))
            """, at: path)
        let error = try #require(await #expect(throws: LedgerError.self) { try await ledger.silences() })
        #expect(error.description.contains(path), "\(error)")
    }

    @Test func `a reader sees what is recorded, and writes nothing`() async throws {
        let engine = try SQLiteEngine(path: path)
        let reader = try SQLiteEngine(reading: path)
        try await addRun(to: engine)
        #expect(try await runs(in: reader) == 1)
        await #expect(throws: LedgerError.self) { try await addRun(to: reader) }
        #expect(try await runs(in: engine) == 1)
    }

    @Test func `nothing is recorded in a ledger that was replaced, until the next pass opens the new one`() async throws
    {
        let engine = try SQLiteEngine(path: path)
        try await addRun(to: engine)
        try sqlite("VACUUM INTO '\(directory.path(of: "backup.db"))'", at: path)
        try await addRun(to: engine)
        #expect(try engine.reopenIfReplaced() == .unchanged)

        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: directory.path(of: "backup.db"), toPath: path)
        let error = try #require(await #expect(throws: LedgerError.self) { try await addRun(to: engine) })
        #expect(error.description.contains("\(path): another file took its place"))
        await #expect(throws: LedgerError.self) { try await runs(in: engine) }

        #expect(try engine.reopenIfReplaced() == .openedAnew)
        try await addRun(to: engine)
        #expect(try await runs(in: engine) == 2)
        #expect(try engine.reopenIfReplaced() == .unchanged)
        #expect(try await runs(in: SQLiteEngine(reading: path)) == 2, "it is the file at the path")
    }

    @Test func `a ledger that was removed is missed once before a new one is begun`() async throws {
        let engine = try SQLiteEngine(path: path)
        try await addRun(to: engine)
        try FileManager.default.moveItem(atPath: path, toPath: directory.path(of: "away.db"))
        await #expect(throws: LedgerError.self) { try await addRun(to: engine) }
        let error = try #require(throws: LedgerError.self) { try engine.reopenIfReplaced() }
        #expect(error.description.contains("\(path): the file was removed"))
        #expect(!FileManager.default.fileExists(atPath: path))

        try FileManager.default.moveItem(atPath: directory.path(of: "away.db"), toPath: path)
        #expect(try engine.reopenIfReplaced() == .unchanged, "it was only on its way")
        #expect(try await runs(in: engine) == 1)

        try FileManager.default.removeItem(atPath: path)
        _ = try? engine.reopenIfReplaced()
        #expect(try engine.reopenIfReplaced() == .openedAnew)
        #expect(try await runs(in: engine) == 0)
    }
}
