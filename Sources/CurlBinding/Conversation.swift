/// What is said over a connection by its own few bytes, without libcurl's HTTP: pure state, event in, step out.
///
/// It sees no clock: the transfer's timeout ends a conversation that goes nowhere.
package protocol Conversation: Sendable {
    /// What the client says first; `wait` where the server speaks first.
    mutating func begin() -> ConversationStep
    /// Takes what has arrived since the last call; never empty.
    mutating func receive(_ bytes: [UInt8]) -> ConversationStep
}

/// What follows from an event of a conversation.
package enum ConversationStep: Hashable, Sendable {
    /// Send this, then wait for an answer.
    case say([UInt8])
    case wait
    /// All that was to be learnt is learnt.
    case end
    /// The same, once this is sent.
    case endSaying([UInt8])
    /// The server speaks something else; the reason is one clause for people, and may quote the server.
    case giveUp(String)
}
