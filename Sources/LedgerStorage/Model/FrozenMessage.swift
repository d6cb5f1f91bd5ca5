/// What one message is to carry.
package struct MessageContent: Sendable {
    /// Never empty; several in a digest.
    package let notices: [NoticeFacts]
    /// Whether the receiver has refused it as it was: then the fewest words have to do.
    package let isMinimal: Bool

    package init(notices: [NoticeFacts], isMinimal: Bool = false) {
        self.notices = notices
        self.isMinimal = isMinimal
    }
}

/// A message as it is sent, the same at every attempt.
package struct FrozenMessage: Hashable, Sendable {
    /// What the receiver knows it by. One identifier never bears two bodies.
    package let identifier: String
    /// Whether these are the fewest words already.
    package let isMinimal: Bool
    package let body: [UInt8]
    /// What is sent instead once an earlier attempt may have arrived, to people who would not know it for a repeat.
    package let repeatBody: [UInt8]?

    package init(identifier: String, isMinimal: Bool = false, body: [UInt8], repeatBody: [UInt8]? = nil) {
        self.identifier = identifier
        self.isMinimal = isMinimal
        self.body = body
        self.repeatBody = repeatBody
    }
}
