import Foundation
import Testing

/// The terms of the code are those of docs/glossary.md.
@Suite struct `Glossary` {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Each word with the number of its places in the glossary: its rows, and its mentions in lists of words.
    private let words: [String: Int]

    init() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/glossary.md"), encoding: .utf8)
        var words: [String] = []
        for section in page.split(separator: "\n## ").dropFirst() {
            let rows = section.matches(of: /(?m)^\| ([^|\n]+) \| ([^|\n]+) \|$/).dropFirst()
            for row in rows {
                words +=
                    section.hasPrefix("Words of notafter")
                    ? [String(row.1)] : row.2.split(separator: ", ").map(String.init)
            }
        }
        self.words = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// The names of all `package` types.
    private static func typeNames() throws -> Set<String> {
        let sources = root.appending(path: "Sources")
        let files = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        var names: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            let declarations = text.matches(
                of: /(?m)^ *package (?:final |indirect )?(?:struct|class|enum|actor|protocol) +(\w+)/)
            names.formUnion(declarations.map { String($0.1) })
        }
        return names
    }

    /// The last word of a name in camel case, in lower case: `header` of `ForwardedHeader`, `tls` of `StartTLS`.
    private static func head(of name: String) -> String {
        var start = name.startIndex
        for index in name.indices.dropFirst() where name[index].isUppercase {
            let follows = name.index(after: index)
            let beginsWord =
                !name[name.index(before: index)].isUppercase
                || (follows < name.endIndex && name[follows].isLowercase)
            if beginsWord { start = index }
        }
        return name[start...].lowercased()
    }

    /// A word, and the words that it may be the plural of.
    private static func forms(of word: String) -> [String] {
        var forms = [word]
        if word.hasSuffix("s") { forms.append(String(word.dropLast())) }
        if word.hasSuffix("es") { forms.append(String(word.dropLast(2))) }
        if word.hasSuffix("ies") { forms.append(word.dropLast(3) + "y") }
        return forms
    }

    @Test func `each word has one place and so one meaning`() {
        #expect(words.count > 150)
        #expect(words.filter { $0.value > 1 }.keys.sorted() == [])
    }

    @Test func `each type is called by a word of the glossary`() throws {
        let names = try Self.typeNames()
        #expect(names.count > 300)
        let strangers = names.filter { name in
            !Self.forms(of: Self.head(of: name)).contains { words[$0] != nil }
        }
        #expect(strangers.sorted() == [], "a word of docs/glossary.md, or one more there")
    }

    @Test(arguments: ["Look", "Pulse", "Courier", "Foreboding", "Judge"])
    func `no type is called by a word that was given up`(word: String) throws {
        #expect(try Self.typeNames().filter { $0.hasSuffix(word) }.sorted() == [])
    }
}
