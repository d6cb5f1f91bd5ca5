import Certificates
import Foundation
import TestSupport
import Testing

/// The words of findings in every language, made from facts of each kind.
struct FindingWordsTests {
    @Test(arguments: FindingCode.allCases)
    func `every finding has facts that the tests put into words`(code: FindingCode) {
        #expect(!FindingSamples.facts(of: code).isEmpty)
    }

    @Test(arguments: FindingCode.allCases, Language.allCases)
    func `a finding has a statement and its remedy once, in at most three sentences`(
        code: FindingCode, language: Language
    ) {
        for facts in FindingSamples.facts(of: code) {
            let (text, remedy) = (facts.text(of: code, in: language), facts.remedy(of: code, in: language))
            let sentences = Prose(text, in: language).sentenceCount
            #expect((2...3).contains(sentences), "\(sentences): \(text)")
            #expect(text.hasSuffix(remedy) && text.ranges(of: remedy).count == 1, "\(text)")
            for word in Prose.avoided { #expect(!text.contains(word), "\(word): \(text)") }
        }
    }

    @Test(arguments: FindingCode.allCases)
    func `a Japanese finding has no English sentence, and the punctuation of Japanese`(code: FindingCode) {
        for facts in FindingSamples.facts(of: code) {
            let prose = Prose(facts.text(of: code, in: .japanese), in: .japanese)
            #expect(prose.englishWords == nil, "\(prose.englishWords ?? ""): \(prose.text)")
            #expect(prose.badPunctuation == nil, "\(prose.badPunctuation ?? ""): \(prose.text)")
            for name in FindingSamples.names where prose.text.contains(name) {
                let isApart = prose.text.contains("「\(name)」") || prose.text.contains("（\(name)）")
                #expect(isApart, "\(name): \(prose.text)")
            }
        }
    }

    @Test(arguments: FindingCode.allCases)
    func `an English finding is in ASCII, without a doubled stop`(code: FindingCode) {
        for facts in FindingSamples.facts(of: code) {
            let text = facts.text(of: code, in: .english)
            #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(text)")
            #expect(!text.contains("..") && !text.contains(" ,") && !text.contains("  "), "\(text)")
        }
    }

    @Test func `names and remedies differ between findings and between languages`() {
        for language in Language.allCases {
            let texts = FindingCode.allCases.flatMap { [$0.name(in: language), $0.remedy(in: language)] }
            #expect(Set(texts).count == 2 * FindingCode.allCases.count)
        }
        for code in FindingCode.allCases { #expect(code.name(in: .english) != code.name(in: .japanese)) }
    }

    @Test func `a sentence of an earlier version is shown as it is, and its remedy once in the asked language`() {
        let code = FindingCode.weakKey
        let old = FindingFacts.recorded("\"CN=a\" (/a.pem): its key is weak (RSA 1024). \(code.remedy)")
        #expect(old.text(of: code, in: .english) == "\"CN=a\" (/a.pem): its key is weak (RSA 1024). \(code.remedy)")
        let japanese = old.text(of: code, in: .japanese)
        #expect(japanese == "\"CN=a\" (/a.pem): its key is weak (RSA 1024). \(code.remedy(in: .japanese))")
    }

    @Test(arguments: [
        (1, "1 file should contain a certificate and has none"),
        (2, "2 files should contain a certificate and have none"),
    ])
    func `a verb agrees with its number`(count: Int, clause: String) {
        let facts = PlaceFact.undecodable(place: "/pki", count: count, examples: [])
        #expect(facts.english.contains(clause), "\(facts.english)")
    }
}

/// The stored form of facts.
struct FindingFactsCodingTests {
    private func encoded(_ facts: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(facts), as: UTF8.self)
    }

    @Test(arguments: FindingCode.allCases)
    func `facts are the same after they were stored`(code: FindingCode) throws {
        for facts in FindingSamples.facts(of: code) {
            let text = try encoded(facts)
            #expect(try JSONDecoder().decode(FindingFacts.self, from: Data(text.utf8)) == facts, "\(text)")
        }
    }

    static let forms: [(FindingFacts, String)] = [
        (.recorded("old"), #"{"recorded":{"_0":"old"}}"#),
        (.machine(.cutOff(endpoints: 2)), #"{"machine":{"_0":{"cutOff":{"endpoints":2}}}}"#),
        (
            .flaws(
                examples: [FlawBearer(name: "CN=a", place: "/a", flaws: [.certificate(.keyWeak(.rsa(bits: 1_024)))])],
                count: 4),
            #"{"flaws":{"count":4,"examples":[{"flaws":[{"certificate":{"_0":{"keyWeak":{"_0":"#
                + #"{"rsa":{"bits":1024}}}}}}],"name":"CN=a","place":"/a"}]}}"#
        ),
        (
            .place(.unreadable(DefectFact(reason: .notFound, path: "/a", message: "/a: gone"))),
            #"{"place":{"_0":{"unreadable":{"_0":{"message":"/a: gone","path":"/a","reason":"not_found"}}}}}"#
        ),
        (
            .prediction(
                endpoint: "api", url: "https://a/",
                .clientEndsWithIssuer(issuer: "CN=b", end: Instant(seconds: 1_800_000_000))),
            #"{"prediction":{"_2":{"clientEndsWithIssuer":{"end":"2027-01-15T08:00:00Z","issuer":"CN=b"}},"#
                + #""endpoint":"api","url":"https://a/"}}"#
        ),
    ]

    @Test(arguments: forms.indices)
    func `the stored form is that of the released version`(index: Int) throws {
        let (facts, form) = Self.forms[index]
        #expect(try encoded(facts) == form)
        #expect(try JSONDecoder().decode(FindingFacts.self, from: Data(form.utf8)) == facts)
    }

    @Test(arguments: [
        #"{"weather":{"_0":"rain"}}"#, #"{"machine":{"_0":{"melted":{}}}}"#, "{}", "",
        #"{"place":{"_0":{"unreadable":{"_0":{"message":"a","path":"/a","reason":"haunted"}}}}}"#,
    ])
    func `facts of a newer version are an error and no other facts`(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(FindingFacts.self, from: Data(text.utf8)) }
    }
}
