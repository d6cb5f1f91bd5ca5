/// What a message says to people, in a receiver's markup.
package struct MessageText: Hashable, Sendable {
    /// One line.
    package let title: String
    package let text: String
}

/// Why a template's result was not sent.
package enum TemplateFailure: Hashable, Sendable, CaseIterable {
    case empty
    case tooLong
}
