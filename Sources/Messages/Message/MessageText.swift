import ExpiryRules
import LedgerStorage

/// The title and text of a message for people, in a receiver's markup.
package struct MessageText: Hashable, Sendable {
    /// One line.
    package let title: String
    package let text: String

    /// The built-in text in English. `registration` is as configured now; nil when it was removed from the
    /// configuration.
    package static func english(_ facts: NoticeFacts, registration: Registration?) -> String {
        EnglishPhrasebook().text(NoticeWords(facts, registration: registration))
    }
}

/// Why a template's result was not sent.
package enum TemplateFailure: Error, Hashable {
    case empty
    case tooLong
    /// The template's file cannot be used. The text names the file and says why.
    case unusable(String)
}
