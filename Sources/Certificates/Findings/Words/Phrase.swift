/// Facts that have words in every language.
package protocol Phrase: Sendable {
    var english: String { get }
    var japanese: String { get }
}

extension Phrase {
    /// The words in `language`.
    package func words(in language: Language) -> String {
        switch language {
        case .english: english
        case .japanese: japanese
        }
    }
}

extension Sequence where Element: Phrase {
    /// The clauses of the elements as one clause.
    package func clause(in language: Language) -> String {
        map { $0.words(in: language) }.joined(separator: language == .english ? "; " : "、")
    }
}
