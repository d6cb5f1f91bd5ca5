import Certificates
import Foundation

/// Checks of sentences for people.
package struct Prose {
    package let text: String
    package let language: Language

    package init(_ text: String, in language: Language) {
        self.text = text
        self.language = language
    }

    /// Words that sentences for people avoid (docs/glossary.md has the terms).
    package static let avoided = [
        "whoever", "nobody", "somebody", "tells of", "told of", "what stands", "stands only", "without a word",
        "is sent to it", "let us in",
    ]

    /// The number of sentences. A stop inside a name or number ends none.
    package var sentenceCount: Int {
        switch language {
        case .english: text.matches(of: /[.!?](?=\s|$)/).count
        case .japanese: unquoted.filter { $0 == "。" }.count
        }
    }

    /// The text without what stands in quotation marks.
    package var unquoted: String {
        var result = text
        for marks in [/「[^」]*」/, /『[^』]*』/, /"[^"]*"/, /`[^`]*`/] { result = result.replacing(marks, with: "「」") }
        return result
    }

    /// Three words in ASCII in a row outside quotation marks, as English sentences have them; nil without any.
    package var englishWords: String? {
        unquoted.firstMatch(of: /[A-Za-z][a-z]+ [A-Za-z][a-z]+ [A-Za-z][a-z]+/).map { String($0.output) }
    }

    /// What is wrong with the punctuation of a Japanese text; nil if nothing is.
    package var badPunctuation: String? {
        let patterns = [
            "[ぁ-んァ-ヶ一-龠][,;]( |$)", "[,;] [ぁ-んァ-ヶ一-龠]", "[ぁ-んァ-ヶ一-龠]\\.( |$)", "。[。、]", "、。", "[。、] ", " [。、]",
            "」[A-Za-z0-9]", "[A-Za-z0-9]「",
        ]
        // A label in Latin letters before a quoted name has no space, such as "CA「…」".
        let plain = unquoted.replacing("CA「」", with: "「」").replacing("OpenSSL: 「」", with: "「」")
            .replacing("Cookie「」", with: "「」")
        for pattern in patterns {
            if let range = plain.range(of: pattern, options: .regularExpression) { return String(plain[range]) }
        }
        return nil
    }
}
