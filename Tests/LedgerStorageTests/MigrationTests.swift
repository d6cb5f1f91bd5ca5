import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import Synchronization
import TestSupport
import Testing

/// A ledger of version 0.1.0 (`scripts/ledger-fixture.py`) after its migration: it has rows in every table.
struct MigrationTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path(of: "ledger.db")
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/ledger-0.1.0.sql")
        try sqlite(".read '\(fixture.path)'")
    }

    /// Runs statements, and returns the lines of their results as SQL literals.
    @discardableResult
    private func sqlite(_ statements: String) throws -> [String] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: try RequiredTool("sqlite3").path)
        process.arguments = ["-bail", "-quote", path, statements]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(statements)")
        return text.split(separator: "\n").map(String.init)
    }

    /// The texts of the results of a query with one column of text.
    private func texts(_ query: String) throws -> [String] {
        try sqlite(query).map { $0.trimmingCharacters(in: ["'"]) }
    }

    /// The tables that refer to certificates by id now, with the fingerprints that they had.
    private static let formerColumns = [
        "encodings": "SELECT t.*, c.fingerprint FROM encodings t JOIN certificates c ON c.id = t.certificate_id",
        "observations": "SELECT t.*, c.fingerprint FROM observations t JOIN certificates c ON c.id = t.certificate_id",
        "flaws": "SELECT t.*, c.fingerprint FROM flaws t JOIN certificates c ON c.id = t.certificate_id",
        "needs": """
        SELECT t.*, c.fingerprint, n.fingerprint AS needed FROM needs t
        JOIN certificates c ON c.id = t.certificate_id JOIN certificates n ON n.id = t.needed_id
        """,
        "judgements": """
        SELECT t.*, c.fingerprint, a.fingerprint AS culprit, l.fingerprint AS list FROM judgements t
        JOIN certificates c ON c.id = t.certificate_id LEFT JOIN certificates a ON a.id = t.culprit_id
        LEFT JOIN certificates l ON l.id = t.list_id
        """,
    ]

    /// The rows of the tables that the old ledger had, in the columns that it had.
    private func rows(_ columns: [String: String], from source: (String) -> String) throws -> [String: Set<String>] {
        try columns.reduce(into: [:]) { rows, table in
            rows[table.key] = Set(try sqlite("SELECT \(table.value) FROM \(source(table.key))"))
        }
    }

    private func columnsOfTables() throws -> [String: String] {
        let tables = try texts(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'grdb_migrations'")
        return try tables.reduce(into: [:]) { columns, table in
            columns[table] = try texts("SELECT group_concat(name) FROM pragma_table_info('\(table)')").first
        }
    }

    /// A line for each place where the old ledger shows a certificate now.
    private static let places = """
        SELECT lower(hex(o.fingerprint)) || ' ' || s.registration || ' ' || CAST(o.path AS TEXT) || ' ' ||
            coalesce(o.absent_since, '-') || ' ' || coalesce(j.expires_at, '-') || ' ' ||
            CASE WHEN j.expires_at IS NULL THEN '-' ELSE lower(hex(j.culprit)) END || ' ' ||
            CASE WHEN j.list IS NULL THEN '-' ELSE lower(hex(j.list)) END || ' ' || (j.successor IS NULL)
        FROM observations o JOIN sources s ON s.id = o.source_id
        LEFT JOIN judgements j ON j.registration = s.registration AND j.fingerprint = o.fingerprint
        WHERE o.ended_at IS NULL
        """

    private func places(in ledger: Ledger) async throws -> [String] {
        let lines = Lines()
        try await ledger.forEachWatched { item in
            let parts: [String?] = [
                item.object.fingerprint.description, item.registration, item.location.description,
                item.absentSince.map { String($0.seconds) }, item.earlyEnd.map { String($0.expiry.seconds) },
                item.earlyEnd?.culprit.fingerprint.description, item.revocationList?.culprit.fingerprint.description,
                item.isNeeded ? "1" : "0",
            ]
            lines.append(parts.map { $0 ?? "-" }.joined(separator: " "))
        }
        return lines.all.sorted()
    }

    @Test func `every row of every table is what it was`() throws {
        let columns = try columnsOfTables()
        let before = try rows(columns) { $0 }
        #expect(before.count == 22 && before.values.allSatisfy { !$0.isEmpty })
        _ = try Ledger(sqliteFile: path)
        let after = try rows(columns) { table in Self.formerColumns[table].map { "(\($0))" } ?? table }
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
        #expect(try sqlite("PRAGMA foreign_key_check; PRAGMA integrity_check") == ["'ok'"])
        #expect(try texts("SELECT name FROM sqlite_master WHERE name LIKE 'old\\_%' ESCAPE '\\'").isEmpty)
    }

    @Test func `listings, due times, the outbox and silences are what they were`() async throws {
        let before = try texts(Self.places).sorted()
        let due = try texts(
            "SELECT lower(hex(fingerprint)) || ' ' || coalesce(next_due, '-') FROM certificates ORDER BY next_due, 1")
        let deliveries = try texts(
            """
            SELECT d.id || ' ' || d.receiver || ' ' || d.state || ' ' || coalesce(lower(hex(n.fingerprint)), '') || ' ' ||
                (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id)
            FROM deliveries d JOIN notices n ON n.id = d.notice_id ORDER BY d.id
            """)
        let flaws = try texts("SELECT DISTINCT lower(hex(fingerprint)) || ' ' || code FROM flaws").sorted()
        let dependents = try texts(
            "SELECT lower(hex(needed)) || ' ' || count(DISTINCT fingerprint) FROM needs GROUP BY needed")
        let silences = try texts(
            "SELECT id || ' ' || (SELECT count(*) FROM deliveries d WHERE held_by = s.id) FROM silences s")

        let ledger = try Ledger(sqliteFile: path)
        #expect(try await places(in: ledger) == before)
        for line in due {
            let words = line.split(separator: " ").map(String.init)
            let fingerprint = try #require(Fingerprint(hexadecimal: words[0]))
            let life = try #require(try await ledger.life(of: fingerprint))
            #expect(life.nextDue.map { String($0.seconds) } ?? "-" == words[1])
            let relations = try await ledger.relations(of: fingerprint)
            let expected = dependents.first { $0.hasPrefix(words[0]) }.map {
                "\(words[0]) \(relations.dependentCount)" == $0
            }
            #expect(expected ?? (relations.dependentCount == 0))
        }
        let sent = try await ledger.deliveries(in: DeliveryState.allCases).sorted { $0.id < $1.id }.map {
            "\($0.id) \($0.receiver) \($0.state.rawValue) \($0.fingerprint?.description ?? "") \($0.attempts.count)"
        }
        #expect(sent == deliveries)
        let found = try await ledger.flaws().flatMap { object in
            object.value.map { "\(object.key) \($0.code.rawValue)" }
        }
        #expect(found.sorted() == flaws)
        #expect(try await ledger.silences().map { "\($0.silence.id) \($0.heldDeliveries)" } == silences)
        let page = try await ledger.page(PageSelection())
        let watched = Set(before.filter { $0.hasSuffix(" 1") }.map { String($0.prefix(64)) })
        #expect(Set(page.entries.map(\.object.fingerprint.description)) == watched)
        #expect(page.entries.map(\.position.seconds) == page.entries.map(\.position.seconds).sorted())
    }

    @Test func `an interrupted migration changes nothing, and the next one completes it`() async throws {
        let before = try texts(Self.places).sorted()
        // The name of the last index of the migration is taken, so that the migration fails near its end.
        try sqlite("CREATE TABLE flaws_certificate(a)")
        let dump = try sqlite(".dump")
        #expect(throws: LedgerError.self) { try Ledger(sqliteFile: path) }
        #expect(try sqlite(".dump") == dump)
        try sqlite("DROP TABLE flaws_certificate")
        #expect(try await places(in: Ledger(sqliteFile: path)) == before)
    }

    @Test func `a command that only reads lists an old ledger, and leaves it as it is`() async throws {
        let (before, dump) = (try texts(Self.places).sorted(), try sqlite(".dump"))
        #expect(try await places(in: Ledger(readingSQLiteFile: path)) == before)
        #expect(try sqlite(".dump") == dump)
    }

    /// The migrations before that of ids, the last one first, with what undoes them.
    private static let undoing = [
        ("orders for pages", "DROP INDEX certificates_expiry; DROP INDEX judgements_expiry; DROP INDEX notices_open"),
        ("finding extents", "ALTER TABLE findings DROP COLUMN extent"),
        ("quiet hours", "DROP INDEX deliveries_quiet; ALTER TABLE deliveries DROP COLUMN quiet_until"),
        (
            "receiver gates",
            [
                "failing", "failures_in_row", "recent_attempts", "recent_failures", "paused_until", "failing_since",
                "taken_at",
            ].map { "ALTER TABLE receivers DROP COLUMN \($0)" }.joined(separator: "; ")
        ),
        ("source-failures", "ALTER TABLE sources DROP COLUMN failures"),
        (
            "indexes for growth",
            """
            DROP INDEX judgements_review; DROP INDEX certificates_authorities; DROP INDEX certificates_lists;
            DROP INDEX deliveries_sending
            """
        ),
        ("2", "PRAGMA application_id = 0"),
    ]

    @Test(arguments: 1...undoing.count)
    func `a ledger of each earlier schema is migrated as well`(steps: Int) async throws {
        let before = try texts(Self.places).sorted()
        for (name, statements) in Self.undoing.prefix(steps) {
            try sqlite("\(statements); DELETE FROM grdb_migrations WHERE identifier = '\(name)'")
        }
        #expect(try await places(in: Ledger(sqliteFile: path)) == before)
    }
}

/// Lines from a closure that may run on another thread.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func append(_ line: String) { lines.withLock { $0.append(line) } }
}
