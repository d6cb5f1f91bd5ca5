/// A database that keeps the ledger: SQLite today, PostgreSQL beside it later.
package protocol LedgerEngine: Sendable {
    /// Runs `body` in one transaction that holds the write lock from its start, and commits it durably.
    ///
    /// - Throws: what `body` throws, after rolling back; `LedgerError` where the database fails.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Runs `body` on one consistent snapshot. It runs on a thread of the engine's own, where it may block.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Opens the database anew if another one took its place since it was opened.
    ///
    /// - Throws: `LedgerError` when the new one cannot be used, or when there is none.
    func reopenIfReplaced() throws -> LedgerPlace
}

extension LedgerEngine {
    package func reopenIfReplaced() throws -> LedgerPlace { .unchanged }
}

/// What a second look at the ledger's place found.
package enum LedgerPlace: Hashable, Sendable {
    case unchanged
    /// Another ledger is there, which is open now: a backup, or a new and empty one.
    case openedAnew
}
