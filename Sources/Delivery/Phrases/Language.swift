import Certificates
import LedgerStorage

/// The languages of the built-in texts. Raw values are those of BCP 47, as the configuration has them.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case japanese = "ja"

    package var phrasebook: any Phrasebook {
        switch self {
        case .english: EnglishPhrasebook()
        case .japanese: JapanesePhrasebook()
        }
    }
}

/// The built-in texts in one language.
package protocol Phrasebook: Sendable {
    /// One line: what happened to what.
    func title(_ words: NoticeWords) -> String
    /// What, which, when, where, whose, and what to do.
    func text(_ words: NoticeWords) -> String
    /// What to do, as a sentence without its final stop; `before` the expiry, or now.
    func remedy(_ remedy: Remedy) -> String
    /// A finding in a few words, and what to do about it.
    func finding(_ code: FindingCode) -> String
    func remedy(for code: FindingCode) -> String
    func label(_ field: FieldName) -> String
    /// How a certificate was found.
    func finder(_ finder: NoticeWords.Finder) -> String
    /// What falls with something, in a few words each; empty when nothing does.
    func dependents(_ dependents: Dependents) -> [String]
    /// Whom the end of a CA concerns, besides its hostnames.
    func everybodyWhoPresents() -> String
    /// One line: how many notices of which kind.
    func digestTitle(_ words: DigestWords) -> String
    /// How many are not listed, and where they are.
    func digestRest(_ count: Int) -> String
    /// Said before a message that may have arrived already.
    func repeatMark(of identifier: String) -> String
    /// One line: how everything stands, in two or three figures.
    func summaryTitle(_ summary: SummaryFacts) -> String
    /// How everything stands, line by line.
    func summaryLines(_ summary: SummaryFacts, at now: Instant) -> [String]
    func testTitle() -> String
    func testText(receiver: String) -> String
    /// Said behind a built-in text that stands in for a template.
    func templateFailed(_ reason: TemplateFailure) -> String
}

/// What a table beside the text says. The same set in every language.
package enum FieldName: Hashable, Sendable, CaseIterable {
    case registration, expires, location, foundBy, owner, affects, issuer, serial, fingerprint, labels
}
