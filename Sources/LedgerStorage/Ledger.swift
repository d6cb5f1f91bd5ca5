import Certificates
import ExpiryRules

/// All durable state: observations, decisions, and the outbox.
///
/// A fact, the decision drawn from it and its deliveries are stored in one transaction, so that a crash leaves all of
/// them or none (docs/promises.md, P1).
///
/// The operations of a pass, in its order:
///
/// 1. `beginRun`, and at its end `finishRun`: `Transactions/Ledger+Runs`
/// 2. `record` and `finish` what a source, an endpoint or a clock showed: `Transactions/Observing`
/// 3. `unverified`, then `record` verdicts and `concludeJudgements`: `Queries/Ledger+Unverified`, `Transactions/Judging`
/// 4. `decideDue`, `decideSummary`: `Transactions/Deciding`, `Transactions/Summaries`
/// 5. `reconcileReceivers`, `claims`, `settle`: `Transactions/Outbox`
///
/// Between passes people add silences (`Transactions/Silencing`), and retry or cancel deliveries
/// (`Transactions/Outbox/Ledger+Interventions`). What only reads is in `Queries`. Each table has one writer, in `Tables`.
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

    /// The ledger in the SQLite file at `path`, for reading only. Neither the file nor its directory is written.
    ///
    /// - Throws: `LedgerError` when it cannot be read.
    package init(readingSQLiteFile path: String) throws {
        self.init(engine: try SQLiteEngine(reading: path))
    }

    /// A temporary copy of the ledger in the SQLite file at `path`, for simulations. It is deleted with this value, and
    /// the ledger is not changed.
    ///
    /// - Throws: `LedgerError` when it cannot be read, or is damaged.
    package init(copyOfSQLiteFile path: String) throws {
        self.init(engine: try SQLiteEngine(copyOf: path))
    }

    /// Opens the file at the ledger's path again if it was replaced. Call it at the start of a pass. Until then every
    /// transaction fails, so that no row id of the old ledger is used in the new one.
    ///
    /// - Throws: `LedgerError` when there is no file, or it cannot be used.
    package func reopenIfReplaced() throws -> LedgerPlace {
        try engine.reopenIfReplaced()
    }

    /// Frees the memory that only makes the next transaction faster. Call it before a long time without work.
    package func releaseMemory() async {
        await engine.releaseMemory()
    }
}
