import GRDB

/// Distinguishes a ledger from another program's database, before anything is written to it.
enum LedgerOwnership {
    /// "nota" in SQLite's header field for the program that a database belongs to (`PRAGMA application_id`).
    static let applicationID: Int32 = 0x6E6F_7461

    /// Tables that identify a ledger without the application id, which early versions did not write.
    private static let telltales: Set<String> = ["certificates", "observations", "notices", "deliveries", "attempts"]
    private static let namedTables = 3

    /// - Throws: `LedgerError` when the database at `path` belongs to another program; GRDB's error when it cannot be
    ///   read.
    static func require(of database: some DatabaseReader, at path: String) throws {
        let (owner, tables) = try database.read { database in
            (
                try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                try String.fetchAll(
                    database,
                    sql: """
                        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                            AND name <> 'grdb_migrations' ORDER BY name
                        """)
            )
        }
        // A ledger has no tables yet if its first run was killed.
        let isLedger = tables.isEmpty || telltales.isSubset(of: tables)
        guard owner != applicationID, owner != 0 || !isLedger else { return }
        let names = tables.prefix(namedTables).joined(separator: ", ")
        let more = tables.count > namedTables ? ", ..." : ""
        throw LedgerError(
            """
            ledger \(path): this database belongs to another program\(tables.isEmpty ? "" : " (tables: \(names)\(more))") \
            and stays as it is; give `state` a path of its own
            """)
    }
}
