import Mustache

/// The templates of all pages in one language, compiled once.
struct PageLibrary: Sendable {
    private let library: MustacheLibrary
    private let words: Words

    /// - Throws: an error of Mustache for a template that does not compile.
    init(_ words: Words) throws {
        var library = MustacheLibrary()
        for template in PageTemplate.allCases {
            // The values are escaped already.
            let source = "{{% CONTENT_TYPE:TEXT}}" + Self.translated(template.source, by: words)
            library.register(try MustacheTemplate(string: source), named: template.rawValue)
        }
        self.library = library
        self.words = words
    }

    /// Renders a page.
    ///
    /// - Returns: nil if the library has no such template.
    func page(_ template: PageTemplate, _ values: PageValues) -> String? {
        library.render(values, withTemplate: template.rawValue)
    }

    /// Replaces each `[[English words]]` of a template by the words of the language.
    private static func translated(_ source: String, by words: Words) -> String {
        source.replacing(/\[\[([^\[\]]+)\]\]/) { match in Markup.escaped(words.word(String(match.1))) }
    }
}
