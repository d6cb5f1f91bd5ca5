/// Stored data is inconsistent. It is thrown inside a transaction; the engine turns it into a `LedgerError` that names
/// the ledger and says what to do.
struct LedgerDamage: Error {
    /// The inconsistency, as a clause.
    let what: String

    init(_ what: String) {
        self.what = what
    }
}

/// The ledger cannot be used.
package struct LedgerError: Error, CustomStringConvertible {
    /// One sentence with the ledger's path, the failure and what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
