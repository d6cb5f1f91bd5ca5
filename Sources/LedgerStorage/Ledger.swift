import Certificates
import ExpiryRules

/// All durable state: what was seen, what was decided, and what still has to be said.
///
/// Every method is one transaction, so that a fact, the decision drawn from it and its deliveries are there together or
/// not at all, whatever is killed in between (docs/promises.md, P1).
package struct Ledger: Sendable {
    let engine: any LedgerEngine

    package init(engine: any LedgerEngine) {
        self.engine = engine
    }

    /// The ledger in the SQLite file at `path`.
    ///
    /// - Throws: `LedgerError` when it cannot be opened.
    package init(sqliteFile path: String) throws {
        self.init(engine: try SQLiteEngine(path: path))
    }

    /// The ledger in the SQLite file at `path`, for reading alone: nothing is written, neither there nor beside it.
    ///
    /// - Throws: `LedgerError` when it cannot be read.
    package init(readingSQLiteFile path: String) throws {
        self.init(engine: try SQLiteEngine(reading: path))
    }

    /// A copy of the ledger in the SQLite file at `path`, to try things on: it ends with this value, and the ledger stays as
    /// it is.
    ///
    /// - Throws: `LedgerError` when it cannot be read, or is damaged.
    package init(copyOfSQLiteFile path: String) throws {
        self.init(engine: try SQLiteEngine(copyOf: path))
    }

    /// Follows the ledger's path: where another file took the ledger's place, that one is opened. To be called where a pass
    /// begins; until then every transaction fails, so that no row of the old one is looked for in the new one.
    ///
    /// - Throws: `LedgerError` when there is no file, or it cannot be used.
    package func reopenIfReplaced() throws -> LedgerPlace {
        try engine.reopenIfReplaced()
    }
}
