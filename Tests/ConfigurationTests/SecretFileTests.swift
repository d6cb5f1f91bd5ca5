import Certificates
import Configuration
import Foundation
import Testing
import TransportSecurity

@Suite struct SecretFileTests {
    private func configuration(_ webhook: String) -> [UInt8] {
        Array(
            """
            certificates: [{ name: a, role: ca, paths: [a.pem] }]
            receivers: [{ name: ops, webhook: { \(webhook) } }]
            route: { receivers: [ops] }
            """.utf8)
    }

    private static func secret(bytes: Int) -> String {
        "whsec_" + Data(repeating: 7, count: bytes).base64EncodedString()
    }

    private static let recipe = "; make one: (umask 077; echo whsec_$(openssl rand -base64 32) > FILE)"
    private static let malformed = "is not \"whsec_\" and the base64 of 24 to 64 bytes" + recipe

    static let contents: [(content: String, problem: String?)] = [
        (secret(bytes: 24), nil),
        ("\n" + secret(bytes: 64) + "\r\n  " + secret(bytes: 32) + "  \n", nil),
        ("", "the file holds no secret" + recipe),
        (" \n\n", "the file holds no secret" + recipe),
        (secret(bytes: 23), "the file holds on line 1 something that " + malformed),
        (secret(bytes: 32) + "\n" + secret(bytes: 65), "the file holds on line 2 something that " + malformed),
        ("hunter2", "the file holds on line 1 something that " + malformed),
        ("whsec_hunter2!", "the file holds on line 1 something that " + malformed),
    ]

    @Test(arguments: contents)
    func `a secret file is checked apart from the configuration, and never printed`(
        content: String, problem: String?
    ) throws {
        let scratch = try Scratch()
        try scratch.write(content.utf8, to: "ops.secret")
        let settings = try scratch.load(configuration("url: 'https://h.example.com', secret_file: ops.secret"))
        let findings = scratch.fileFindings(settings)
        #expect(findings == (problem.map { ["unusable 2:80: receivers[0].webhook.secret_file: \($0)"] } ?? []))
    }

    @Test func `a secret file that is not there yet is absent, which is less than broken`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(configuration("url: 'https://h.example.com', secret_file: gone"))
        let problem = "the file does not exist" + Self.recipe
        #expect(
            scratch.fileFindings(settings) == ["absent 2:80: receivers[0].webhook.secret_file: \(problem)"])
    }

    @Test func `a URL is read from its file without the white space around it`() throws {
        let scratch = try Scratch()
        try scratch.write("\n https://h.example.com/token \n".utf8, to: "hook.url")
        let settings = try scratch.load(configuration("url_file: hook.url"))
        let address = try #require(settings.receivers.first?.settings.address("url"))
        #expect(try address.read() == Secret("https://h.example.com/token"))
        #expect(!String(reflecting: settings).contains("token"))
    }

    @Test func `a URL in a file is held to the same rules, and not quoted`() throws {
        let scratch = try Scratch()
        try scratch.write("http://h.example.com/hunter2".utf8, to: "hook.url")
        let problem =
            "the file holds no URL that can be used: it must begin with https:// "
            + "(http:// only to this machine, or with allow_http: true)"
        let settings = try scratch.load(configuration("url_file: hook.url"))
        #expect(scratch.fileFindings(settings) == ["unusable 2:47: receivers[0].webhook.url_file: \(problem)"])
    }

    @Test func `every file is checked, whichever section names it`() throws {
        let scratch = try Scratch()
        for name in ["blank", "key.pem"] { try scratch.write([], to: name) }
        let settings = try scratch.load(
            """
            certificates:
              - { name: a, role: ca, url: "https://a.example.com/", tls_config: { ca_file: key.pem } }
            receivers:
              - { name: pager, pagerduty: { routing_key_file: blank } }
              - { name: chat, slack: { url_file: blank } }
              - { name: bot, telegram: { token_file: blank, chat_id: 1 } }
              - { name: hook, webhook: { url: "https://h.example.com/", tls_config: { ca_file: key.pem } } }
            heartbeat: { url_file: blank }
            route: { receivers: [pager] }
            """)
        let findings = scratch.fileFindings(settings)
        #expect(findings.allSatisfy { $0.hasPrefix("unusable") }, "\(findings)")
        let paths = findings.map { $0.split(separator: " ")[2] }
        #expect(
            paths == [
                "certificates[0].tls_config:", "receivers[0].pagerduty.routing_key_file:",
                "receivers[1].slack.url_file:",
                "receivers[2].telegram.token_file:", "receivers[3].webhook.tls_config:", "heartbeat.url_file:",
            ])
    }
}
