import Certificates
import LedgerStorage

extension Language {
    /// The built-in texts in this language.
    package var phrasebook: any Phrasebook {
        switch self {
        case .english: EnglishPhrasebook()
        case .japanese: JapanesePhrasebook()
        }
    }
}

/// The built-in texts in one language.
package protocol Phrasebook: Sendable {
    /// One line: the object and what happened to it.
    func title(_ words: NoticeWords) -> String
    /// The object, the event, its time, the place, the owner, and the remedy.
    func text(_ words: NoticeWords) -> String
    /// The remedy as a sentence without a final stop.
    func remedy(_ remedy: Remedy) -> String
    func label(_ field: FieldName) -> String
    /// The kind of source that found a certificate.
    func finder(_ finder: NoticeWords.Finder) -> String
    /// Short phrases for the certificates and endpoints that stop working; empty when nothing depends on the object.
    func dependents(_ dependents: Dependents) -> [String]
    /// Stands between the items of a list.
    var listSeparator: String { get }
    /// The clients that the end of a CA affects, besides its hostnames.
    func everybodyWhoPresents() -> String
    /// One line: the number of notices of each kind.
    func digestTitle(_ words: DigestWords) -> String
    /// How many notices are not listed, and where to find them.
    func digestRest(_ count: Int) -> String
    /// Precedes a message that may have arrived already.
    func repeatMark(of identifier: String) -> String
    /// One line with two or three figures.
    func summaryTitle(_ summary: SummaryFacts) -> String
    /// The lines of a summary's text.
    func summaryLines(_ summary: SummaryFacts, at now: Instant) -> [String]
    func testTitle() -> String
    func testText(receiver: String) -> String
    /// Follows a built-in text that replaces a failed template.
    func templateFailed(_ reason: TemplateFailure) -> String
}

/// The rows of the table beside the text.
package enum FieldName: Hashable, Sendable, CaseIterable {
    case registration, expires, location, foundBy, owner, affects, issuer, serial, fingerprint, labels
}
