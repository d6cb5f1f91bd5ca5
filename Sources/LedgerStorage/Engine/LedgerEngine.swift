/// A database that keeps the ledger: SQLite today, PostgreSQL beside it later.
package protocol LedgerEngine: Sendable {
    /// Runs `body` in one transaction that holds the write lock from its start, and commits it durably.
    ///
    /// - Throws: what `body` throws, after rolling back; `LedgerError` where the database fails.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Runs `body` on one consistent snapshot. It runs on a thread of the engine's own, where it may block.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value
}

/// The ledger cannot be used.
package struct LedgerError: Error, CustomStringConvertible {
    /// Where the ledger is, what failed and what to do, in one sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
