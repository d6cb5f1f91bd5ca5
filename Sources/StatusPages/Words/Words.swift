import Certificates

/// The words of the pages in one language.
struct Words: Sendable {
    let language: Language

    /// Translates an English text of the templates, or a stored value. A text that the table lacks stays English.
    func word(_ english: String) -> String {
        switch language {
        case .english: english
        case .japanese: Self.japanese[english] ?? english
        }
    }

    /// A sentence with values.
    func callAsFunction(_ phrase: some Phrase) -> String {
        switch language {
        case .english: phrase.english
        case .japanese: phrase.japanese
        }
    }
}

extension Language {
    /// The language that a browser asks for (RFC 9110 12.5.4): the one with the highest weight, and English where it
    /// asks for none that there is.
    package init(accepting header: String?) {
        var best: (language: Language, weight: Double)?
        for part in (header ?? "").prefix(500).split(separator: ",") {
            let fields = part.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let tag = fields.first else { continue }
            let weights = fields.dropFirst().filter { $0.hasPrefix("q=") }.compactMap { Double($0.dropFirst(2)) }
            let weight = weights.first ?? 1
            let language = Self.allCases.first { tag == $0.rawValue || tag.hasPrefix($0.rawValue + "-") }
            guard let language, weight > (best?.weight ?? 0) else { continue }
            best = (language, weight)
        }
        self = best?.language ?? .english
    }
}
