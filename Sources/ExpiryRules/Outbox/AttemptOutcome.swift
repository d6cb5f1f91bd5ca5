/// The outcome of one attempt. The ledger stores the raw values.
package enum AttemptOutcome: String, Hashable, Sendable, CaseIterable {
    /// The receiver accepted the message.
    case delivered
    /// The receiver answered and refused the message.
    case rejected
    /// Nothing was sent.
    case notSent = "not_sent"
    /// Something was sent, but no answer shows whether the message arrived.
    case unknown
}
