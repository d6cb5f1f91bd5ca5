import Foundation
import TestSupport
import Testing

/// Invariant 8: a malformed file of one receiver stops only that receiver, as a missing file does.
struct BrokenReceiverFileTests {
    private let site: Site
    private let fallback: RecordingReceiver

    init() throws {
        site = try Site()
        fallback = try RecordingReceiver()
        try site.place("a", daysLeft: 10)
    }

    private func configure(_ receiver: String) throws {
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            receivers:
              - { name: bad, \(receiver) }
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
              - { name: spare, webhook: { url: "\(fallback.url)" } }
            route: { receivers: [bad, ops], fallback: spare }

            """, to: "notafter.yaml")
    }

    static let receivers = [
        "webhook: { url: 'https://127.0.0.1:9/', secret_file: broken }",
        "webhook: { url: 'https://127.0.0.1:9/', bearer_token_file: broken }",
        "webhook: { url_file: broken }",
        "slack: { url_file: broken }",
        "pagerduty: { routing_key_file: broken }",
        "telegram: { token_file: broken, chat_id: 1 }",
        "email: { server: '127.0.0.1:9', from: a@b.example, to: [c@d.example], username: u, password_file: broken }",
        "webhook: { url: 'https://127.0.0.1:9/', tls_config: { cert_file: broken, key_file: broken } }",
        "webhook: { url: 'https://127.0.0.1:9/', tls_config: { ca_file: broken } }",
    ]

    @Test(arguments: receivers)
    func `a blank file of one receiver is told to the fallback, and the others hear of their certificates`(
        receiver: String
    ) async throws {
        try configure(receiver)
        try site.directory.write("", to: "broken")
        let scan = try await site.scan(day: 0)
        #expect(scan.status == 2, "\(scan.errors)")
        #expect(site.ops.told.first == "fleet/CN=a expiring 14d")
        let told = try #require(fallback.requests.first?.text)
        #expect(told.contains("messages to the receiver bad cannot be sent") && told.contains("broken"), "\(told)")

        let validated = try await site.run(["config", "validate"])
        #expect(validated.status == 4)
        #expect(validated.errors.contains("notafter.yaml:3:") && validated.errors.contains("receivers[0]."))
    }

    @Test func `a broken template file leaves the built-in text, which says so`() async throws {
        try configure("webhook: { url: \"\(site.ops.url)/bad\" }, template: { text_file: broken }")
        for content in ["{{#open}}", nil] {
            if let content {
                try site.directory.write(content, to: "broken")
            } else {
                try FileManager.default.removeItem(atPath: site.directory.path(of: "broken"))
                try site.place("b", daysLeft: 10)
            }
            #expect(try await site.scan(day: 0).status == 0)
            let text = try #require(site.ops.requests.last { $0.path == "/hook/bad" }?.text)
            #expect(text.contains("The receiver's template cannot be used"), "\(text)")
        }
    }

    @Test func `the client certificate of a receiver is listed, and told of before it ends`() async throws {
        let client = try site.certificate("own", daysLeft: 3)
        try site.directory.write(client.pem, to: "own.pem")
        try site.directory.write(client.keyPEM, to: "own.key")
        try configure("webhook: { url: 'https://127.0.0.1:9/', tls_config: { cert_file: own.pem, key_file: own.key } }")
        try await site.scan(day: 0)
        #expect(site.ops.told.sorted() == ["bad/client/CN=own expiring 14d", "fleet/CN=a expiring 14d"])
        #expect(try await site.run(["list"] + Site.at(day: 0)).output.contains("CN=own"))
    }
}
