/// The outcome of a completed pass. The ledger stores the raw values.
package enum RunOutcome: String, Hashable, Sendable {
    case good
    /// A source could not be read, or a receiver could not be notified.
    case troubled
}
