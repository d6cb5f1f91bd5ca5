import ExpiryRules
import LedgerStorage

/// What a message says to people, in a receiver's markup.
package struct MessageText: Hashable, Sendable {
    /// One line.
    package let title: String
    package let text: String

    /// The built-in sentences in English. `registration` is as it is configured now; nil when it was taken out.
    package static func english(_ facts: NoticeFacts, registration: Registration?) -> String {
        EnglishPhrasebook().text(NoticeWords(facts, registration: registration))
    }
}

/// Why a template's result was not sent.
package enum TemplateFailure: Error, Hashable {
    case empty
    case tooLong
    /// The file that holds it cannot be used; the words name the file and say why.
    case unusable(String)
}
