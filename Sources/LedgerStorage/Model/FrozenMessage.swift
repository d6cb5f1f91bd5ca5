/// The content of one message.
package struct MessageContent: Sendable {
    /// Never empty; several in a digest.
    package let notices: [NoticeFacts]
    /// Whether to render the minimal form, because the receiver refused the full one.
    package let isMinimal: Bool

    package init(notices: [NoticeFacts], isMinimal: Bool = false) {
        self.notices = notices
        self.isMinimal = isMinimal
    }
}

/// The bytes of a message, which are the same at every attempt.
package struct FrozenMessage: Hashable, Sendable {
    /// The id by which the receiver deduplicates. One identifier never has two bodies.
    package let identifier: String
    /// Whether this is the minimal form already.
    package let isMinimal: Bool
    package let body: [UInt8]
    /// The body that is sent once an earlier attempt may have arrived. It tells people that it may be a duplicate. nil
    /// for a receiver that deduplicates.
    package let repeatBody: [UInt8]?

    package init(identifier: String, isMinimal: Bool = false, body: [UInt8], repeatBody: [UInt8]? = nil) {
        self.identifier = identifier
        self.isMinimal = isMinimal
        self.body = body
        self.repeatBody = repeatBody
    }
}
