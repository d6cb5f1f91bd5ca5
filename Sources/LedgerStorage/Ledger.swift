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

    /// A copy of the ledger in the SQLite file at `path`, to try things on: it ends with this value, and the ledger stays as
    /// it is.
    ///
    /// - Throws: `LedgerError` when it cannot be read, or is damaged.
    package init(copyOfSQLiteFile path: String) throws {
        self.init(engine: try SQLiteEngine(copyOf: path))
    }
}
