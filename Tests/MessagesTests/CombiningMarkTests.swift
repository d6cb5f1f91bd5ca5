import Certificates
import Foundation
import MessageSamples
import Messages
import Testing

/// Text in which a combining mark follows each character that a service interprets. The two are one `Character`, and the
/// service still interprets the first.
struct CombiningMarkTests {
    private static let mark: Unicode.Scalar = "\u{301}"

    private static func marked(_ text: String) -> String {
        text.unicodeScalars.map { "\($0)\(mark)" }.joined()
    }

    /// The scalar before each occurrence of `scalar`.
    private func predecessors(of scalar: Unicode.Scalar, in text: String) -> [Unicode.Scalar] {
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.filter { scalars[$0] == scalar }.map { $0 > 0 ? scalars[$0 - 1] : " " }
    }

    @Test func `Slack's markup is escaped before a combining mark`() {
        let escaped = Markup.slack.escaped(Self.marked("<!channel>&"))
        #expect(!escaped.unicodeScalars.contains { $0 == "<" || $0 == ">" })
        #expect(escaped.unicodeScalars.contains { $0 == Self.mark })
    }

    @Test(arguments: ["\\", "`", "*", "_", "~", "[", "]", "<", ">", "|", "#"])
    func `Markdown is escaped before a combining mark`(text: String) throws {
        let scalar = try #require(text.unicodeScalars.first)
        let escaped = Markup.markdown.escaped("a" + Self.marked(text))
        #expect(predecessors(of: scalar, in: escaped).contains("\\"), "\(escaped)")
    }

    @Test(arguments: Markup.allCases)
    func `a template inserts values as they were escaped`(markup: Markup) throws {
        let subject = Self.marked("\"'<>&*")
        let template = MessageTemplate(title: nil, text: try TemplateSource("{{subject}}"))
        let composer = MessageComposer(receiver: "ops", language: .english, markup: markup, template: template)
        let message = try composer.message(
            NoticeSample.facts(.expiring, subject: subject), registration: NoticeSample.registration)
        #expect(Array(message.text.unicodeScalars) == Array(markup.escaped(subject).unicodeScalars))
    }

    @Test func `a value in a JSON template ends no string`() throws {
        let subject = Self.marked("\"\\")
        let template = try JSONTemplate(.object(["text": .text("{{subject}} of {{registration}}")]))
        let composer = MessageComposer(receiver: "ops", language: .english, markup: .plain, template: .builtIn)
        let message = try composer.message(
            NoticeSample.facts(.expiring, subject: subject), registration: NoticeSample.registration)
        let bytes = try MessageJSON.encoded(template.rendered(for: message))
        let read = try JSONDecoder().decode([String: String].self, from: Data(bytes))
        #expect(Array((read["text"] ?? "").unicodeScalars) == Array("\(subject) of fleet".unicodeScalars))
    }

    @Test func `a scalar is replaced also before a combining mark`() {
        #expect(
            "a'\u{301}b'".replacing(scalar: "'", with: "x").unicodeScalars.elementsEqual("ax\u{301}bx".unicodeScalars))
        #expect("plain".replacing(scalar: "'", with: "x") == "plain")
    }
}
