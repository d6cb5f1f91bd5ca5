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
        let broken = try scratch.load(configuration("text_file: chat.mustache"))
        let reason = "\(scratch.path)/chat.mustache:2:5: there is no \"ownr\""
        let findings = scratch.fileFindings(broken).filter { $0.contains("template") }
        let place = "unusable 3:84: receivers[0].template.text_file: \(reason)"
        #expect(findings.count == 1 && findings.first?.hasPrefix(place) == true, "\(findings)")
        let template = try #require(broken.receivers.first?.template)
        #expect(template.text == nil && template.unusableFile?.hasPrefix(reason) == true)
        try scratch.write("two {{owner}}\n".utf8, to: "chat.mustache")
        let receiver = try #require(try scratch.load(configuration("text_file: chat.mustache")).receivers.first)
        #expect(receiver.template.text?.source == "two {{owner}}\n" && receiver.template.title == nil)
        #expect(receiver.language == .japanese)
    }
}
