/// How a pass that came to its end went. Raw values stand in the ledger.
package enum RunOutcome: String, Hashable, Sendable {
    case good
    /// Something could not be read, or some receiver could not be told.
    case troubled
}
