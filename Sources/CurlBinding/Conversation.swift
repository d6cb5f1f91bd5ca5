/// A protocol of a few bytes on a connection, without libcurl's HTTP. It is a pure state machine: events in, steps out.
///
/// It uses no clock. The transfer's timeout ends a conversation that makes no progress.
package protocol Conversation: Sendable {
    /// The first message of the client, or `wait` when the server speaks first.
    mutating func begin() -> ConversationStep
    /// Handles the bytes that arrived since the last call. They are never empty.
    mutating func receive(_ bytes: [UInt8]) -> ConversationStep
}

/// The next step after an event of a conversation.
package enum ConversationStep: Hashable, Sendable {
    /// Send these bytes, then wait for an answer.
    case say([UInt8])
    case wait
    /// The conversation is complete.
    case end
    /// The conversation is complete once these bytes are sent.
    case endSaying([UInt8])
    /// The server speaks another protocol. The reason is a clause for a person and may quote the server.
    case giveUp(String)
}
