import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

struct TemplateTests {
    private func composer(
        _ markup: Markup = .plain, title: String? = nil, text: String? = nil
    ) throws -> MessageComposer {
        MessageComposer(
            receiver: "chat", language: .english, markup: markup,
            template: MessageTemplate(
                title: try title.map { try TemplateSource($0) }, text: try text.map { try TemplateSource($0) }))
    }

    private func rendered(
        _ text: String, _ kind: NoticeKind = .expiring, subject: String = "CN=billing", in markup: Markup = .plain
    ) throws -> String {
        try composer(markup, text: text)
            .message(NoticeSample.facts(kind, subject: subject), registration: NoticeSample.registration).text
    }

    @Test func `a template says what it names, in its own words`() throws {
        let message = try composer(
            title: "{{#critical}}NOW {{/critical}}{{registration}}:\n{{days_left}}",
            text: "{{#hostnames}}<{{.}}>{{/hostnames}} {{#labels}}{{name}}={{value}}{{/labels}} {{not_after}} {{owner}}"
        ).message(NoticeSample.facts(.expiring), registration: NoticeSample.registration)
        #expect(message.title == "fleet: 10")
        #expect(message.text == "<api.example.com> team=platform 2027-01-25T08:00:00Z platform")
    }

    @Test func `values are escaped for the receiver, what the template says is not`() throws {
        let text = try rendered("*{{subject}}* <https://wiki|Wiki>", subject: "CN=<!channel>&", in: .slack)
        #expect(text == "*CN=&lt;!channel&gt;&amp;* <https://wiki|Wiki>")
        #expect(try rendered("**{{{subject}}}**", subject: "CN=*x*", in: .markdown) == "**CN=\\*x\\***")
    }

    @Test func `sections follow what there is`() throws {
        let template = "{{#resolved}}over{{/resolved}}{{#firing}}on{{/firing}}{{^finding}} certificate{{/finding}}"
        #expect(try rendered(template, .expiring) == "on certificate")
        #expect(try rendered(template, .renewed) == "over certificate")
        #expect(try rendered(template, .finding) == "on")
    }

    @Test func `every name of the documentation can be named, and there are no others`() throws {
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("docs/templates.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = rows.flatMap { row in
            (row.split(separator: "|").first ?? "").matches(of: /`([a-z0-9_]+)`/).map { String($0.1) }
        }
        let documented = Set(names).subtracting(["name", "value"])
        for name in documented { #expect(throws: Never.self) { try TemplateSource("{{\(name)}}") } }
        let error = try #require(throws: TemplateError.self) { try TemplateSource("{{nothing}}") }
        let known = error.reason.split(separator: "known here: ").last.map {
            $0.split(separator: ", ").map(String.init)
        }
        #expect(Set(known ?? []) == documented)
    }

    @Test(arguments: [
        ("a\n  {{#owner}}x", 2, "a section is not closed"), ("{{#owner}}x{{/role}}", 1, "another name"),
        ("{{owner", 1, "not closed"), ("a\nb {{ownr}}", 2, "there is no \"ownr\""),
        ("{{name}}", 1, "there is no \"name\""),
        ("{{> partial}}", 1, "is not taken"), ("{{=<% %>=}}", 1, "is not taken"),
        ("{{% CONTENT_TYPE:HTML}}", 1, "not taken"),
        ("{{#labels}}{{name}}{{/labels}}{{value}}", 1, "there is no \"value\""),
    ])
    func `a mistake is found when the template is read, with its place`(
        source: String, line: Int, reason: String
    ) throws {
        let error = try #require(throws: TemplateError.self) { try TemplateSource(source) }
        #expect(error.line == line && error.reason.contains(reason), "\(error)")
    }

    @Test func `the column of an unknown name is that of its tag`() throws {
        let error = try #require(throws: TemplateError.self) {
            try TemplateSource("x\nab {{#owner}}{{ownr}}{{/owner}}")
        }
        #expect(error.line == 2 && error.column == 14)
    }

    @Test(arguments: Language.allCases)
    func `a template that comes to nothing is replaced by the built-in text, which says so`(language: Language) throws {
        let composer = MessageComposer(
            receiver: "chat", language: language, markup: .slack,
            template: MessageTemplate(
                title: try TemplateSource("{{finding}}"), text: try TemplateSource(" \n{{owner}}")))
        let unowned = Registration(name: "fleet", role: .client)
        let message = try composer.message(NoticeSample.facts(.expiring), registration: unowned)
        #expect(message.title.contains("CN=billing"))
        #expect(message.text.contains("2027-01-25T08:00:00Z"))
        #expect(message.text.hasSuffix(language.phrasebook.templateFailed(.empty)))
    }

    @Test func `a template that comes out too long is replaced too`() throws {
        let text = try rendered(String(repeating: "{{subject}}", count: 1_000), subject: NoticeSample.hostile)
        #expect(text.hasSuffix(Language.english.phrasebook.templateFailed(.tooLong)))
    }
}
