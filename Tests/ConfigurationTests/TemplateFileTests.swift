import Configuration
import Delivery
import Foundation
import Testing

@Suite struct TemplateFileTests {
    private func configuration(_ template: String) -> [UInt8] {
        Array(
            """
            certificates: [{ name: a, role: ca, paths: [a.pem] }]
            receivers:
              - { name: chat, slack: { url_file: s.url }, language: ja, template: { \(template) } }
            route: { receivers: [chat] }
            """.utf8)
    }

    @Test func `a template may lie in a file, and a mistake in it has that file's place`() throws {
        let scratch = try Scratch()
        try scratch.write("one\ntwo {{ownr}}\n".utf8, to: "chat.mustache")
        let problems = try scratch.problems(of: configuration("text_file: chat.mustache"))
        let place = "3:84: receivers[0].template.text_file: \(scratch.path)/chat.mustache:2:5: there is no \"ownr\""
        #expect(problems.count == 1 && problems.first?.hasPrefix(place) == true, "\(problems)")
        try scratch.write("two {{owner}}\n".utf8, to: "chat.mustache")
        let receiver = try #require(try scratch.load(configuration("text_file: chat.mustache")).receivers.first)
        #expect(receiver.template.text?.source == "two {{owner}}\n" && receiver.template.title == nil)
        #expect(receiver.language == .japanese)
    }
}
