/// A database that stores the ledger: SQLite today, PostgreSQL as well later.
package protocol LedgerEngine: Sendable {
    /// Runs `body` in one transaction that holds the write lock from its start, and commits it durably.
    ///
    /// - Throws: what `body` throws, after a rollback; `LedgerError` when the database fails.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Runs `body` on one consistent snapshot, on a thread of the engine, where it may block.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Opens the database again if its file was replaced since it was opened.
    ///
    /// - Throws: `LedgerError` when the new file cannot be used or there is no file.
    func reopenIfReplaced() throws -> LedgerPlace

    /// Frees the memory that only makes the next transaction faster: cached pages and statements.
    func releaseMemory() async
}

extension LedgerEngine {
    package func reopenIfReplaced() throws -> LedgerPlace { .unchanged }
    package func releaseMemory() async {}
}

/// The result of checking whether the ledger's file was replaced.
package enum LedgerPlace: Hashable, Sendable {
    case unchanged
    /// The file was replaced, by a backup or a new and empty ledger, and the new file is open now.
    case openedAnew
}
