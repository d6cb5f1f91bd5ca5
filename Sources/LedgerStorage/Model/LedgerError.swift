/// What was read contradicts itself. Thrown inside a transaction; the engine turns it into a `LedgerError` that names the
/// ledger and says what to do.
struct LedgerDamage: Error {
    /// What is wrong, as a clause.
    let what: String

    init(_ what: String) {
        self.what = what
    }
}

/// The ledger cannot be used.
package struct LedgerError: Error, CustomStringConvertible {
    /// Where the ledger is, what failed and what to do, in one sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
