import ExpiryRules
import LedgerStorage

/// What a notice says to people in English: what, which, when, where, and what to do.
package struct NoticeText {
    package let text: String

    /// `registration` is as it is configured now; nil when it was taken out.
    package init(_ facts: NoticeFacts, registration: Registration?) {
        text = EnglishPhrasebook().text(NoticeWords(facts, registration: registration))
    }
}
