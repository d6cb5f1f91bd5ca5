import Foundation
import TestSupport
import Testing

/// `notafter test-notify --preview`
struct PreviewTests {
    private func site() throws -> Site {
        let site = try Site()
        try site.directory.write("canary-token-5f2c9e71\n", to: "token")
        try site.directory.write("https://hooks.example.com/canary-token-5f2c9e71\n", to: "chat.url")
        try site.directory.write(
            """
            certificates:
              - { name: partner-ca, role: ca, paths: [pki], hostnames: [api.example.com], profile: cloudflare-access }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
              - name: chat
                slack: { url_file: chat.url }
                template: { title: "{{subject}}!" }
              - { name: oncall, pagerduty: { routing_key_file: token }, language: ja }
              - { name: mail, email: { server: "127.0.0.1:9", from: a@example.com, to: [b@example.com] } }
              - { name: gone, ntfy: { topic_file: not-there } }
            route: { receivers: [ops, chat, oncall, mail, gone] }

            """, to: "notafter.yaml")
        return site
    }

    @Test func `each receiver's message is shown, for a certificate of one's own, and none is sent`() async throws {
        let site = try site()
        try site.directory.write(site.authority.pem, to: "pki/ca.pem")
        let shown = try await site.run(["test-notify", "--preview", "--certificate", "pki/ca.pem"] + Site.at(day: 0))
        #expect(shown.status == 0, "\(shown.errors)")
        for part in [
            "ops (webhook)", "chat (slack)", "oncall (pagerduty)", "mail (email)", "gone (ntfy)", "CN=Site CA!",
            "Upload a renewed CA to Cloudflare Access and attach api.example.com", "「Cloudflare Access」にアップロード",
            "\"event_action\" : \"trigger\"", "Subject: =?UTF-8?B?", "\"type\" : \"certificate.expiring\"",
        ] {
            #expect(shown.output.contains(part), "\(part)")
        }
        #expect(!(shown.output + shown.errors).contains("canary"))
        #expect(site.ops.requests.isEmpty)
    }

    @Test func `a made-up certificate does, some receivers can be chosen, and it comes as JSON`() async throws {
        let site = try site()
        let shown = try await site.run(["test-notify", "--preview", "--json", "chat", "ops"] + Site.at(day: 0))
        struct Shown: Decodable {
            struct Preview: Decodable {
                let receiver: String
                let kind: String
                let title: String
                let text: String
                let body: String
            }
            let receivers: [Preview]
        }
        let previews = try JSONDecoder().decode(Shown.self, from: Data(shown.output.utf8)).receivers
        #expect(previews.map(\.receiver) == ["ops", "chat"])
        #expect(previews.allSatisfy { $0.text.contains("expires in 30 days") })
        #expect(previews.last?.title == "CN=example!")
    }

    @Test func `what cannot be shown is said`() async throws {
        let site = try site()
        #expect(try await site.run(["test-notify", "--preview", "nobody"]).status == 64)
        #expect(try await site.run(["test-notify", "--certificate", "pki/ca.pem"]).status == 64)
        let gone = try await site.run(["test-notify", "--preview", "--certificate", "gone.pem"])
        #expect(gone.status == 64 && gone.errors.contains("gone.pem does not exist"))
        try site.directory.write("nothing", to: "empty.pem")
        let empty = try await site.run(["test-notify", "--preview", "--certificate", "empty.pem"])
        #expect(empty.status == 64 && empty.errors.contains("holds no certificate"))
    }
}
