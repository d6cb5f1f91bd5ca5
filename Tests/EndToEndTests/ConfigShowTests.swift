import Foundation
import TestSupport
import Testing

/// `notafter config show` and `config schema`.
struct ConfigShowTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func show(_ site: Site, _ arguments: [String] = []) async throws -> String {
        let outcome = try await site.run(["config", "show"] + arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test func `it shows drop-ins, absolute paths and defaults`() async throws {
        let site = try Site()
        try site.directory.write(
            "certificates: [{ name: more, role: ca, paths: [\"*.pem\"], exclude: [old] }]\n", to: "conf.d/10.yaml")
        let lines = Set(try await show(site).split(separator: "\n").map(String.init))
        let directory = site.directory.path
        for line in [
            "state: \(directory)/notafter.db", "interval: 1h", "- name: fleet", "  - \(directory)/pki", "- name: more",
            "  - \(directory)/conf.d/*.pem", "  - old", "  - 30d", "    secret_file: \(directory)/ops.secret",
            "    egress: any-but-metadata", "  language: en", "  unreachable_after: 1d",
        ] { #expect(lines.contains(line), "\(line) in \(lines.sorted())") }
    }

    /// What is shown must be a configuration that means the same, so that nothing in it is made up.
    @Test(arguments: ["config/notafter.yaml", "config/routing.yaml", "config/minimal.yaml"])
    func `what it shows is valid and shows itself`(example: String) async throws {
        let site = try Site()
        let path = Self.root.appending(path: example).path
        let first = try await show(site, ["--config", path])
        try site.directory.write(first.replacing("<redacted>", with: "hook"), to: "shown.yaml")
        let second = try await show(site, ["--config", "shown.yaml"])
        // The path of any receiver's URL is hidden, also of one that was filled in.
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("url:") } }
        #expect(lines(second) == lines(first))
    }

    @Test func `JSON has the same with its types`() async throws {
        let site = try Site()
        let text = try await show(site, ["--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["interval"] as? String == "1h")
        let receivers = try #require(object["receivers"] as? [[String: Any]])
        let webhook = try #require(receivers.first?["webhook"] as? [String: Any])
        #expect(webhook["allow_http"] as? Bool == false)
        #expect((object["certificates"] as? [[String: Any]])?.first?["checks_revocation"] as? Bool == false)
    }

    @Test(arguments: [[], ["--json"]])
    func `no secret is shown`(option: [String]) async throws {
        let site = try Site()
        try site.directory.write(
            """
            certificates:
              - name: vault
                role: ca
                url: https://vault.example.com/ca
                http_headers: { X-Vault-Token: { values: [TOKEN-A] }, X-More: { files: [header.txt] } }
            endpoints:
              - name: api
                url: https://api.example.com/health
                tls_config: { cert_file: a.pem, key_file: "pkcs11:object=a?pin-source=file:/pin" }
                request: { headers: { Authorization: TOKEN-C, Accept: text/plain } }
            receivers:
              - { name: chat, webhook: { url: "https://hooks.example.com/services/TOKEN-D" } }
            route: { receivers: [chat] }
            heartbeat: { url: "https://hc.example.com/TOKEN-E" }

            """, to: "secrets.yaml")
        let text = try await show(site, ["--config", "secrets.yaml"] + option)
        #expect(!text.contains("TOKEN-"), "\(text)")
        for shown in ["hooks.example.com", "hc.example.com", "text/plain", "header.txt", "pkcs11:object=a"] {
            #expect(text.contains(shown), "\(shown)")
        }
    }

    @Test func `an invalid configuration is 4`() async throws {
        let site = try Site()
        try site.directory.write("certificates: 3\n", to: "notafter.yaml")
        let outcome = try await site.run(["config", "show"])
        #expect(outcome.status == 4 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("notafter.yaml:1:15: certificates"), "\(outcome.errors)")
    }

    @Test func `the schema is that of config`() async throws {
        let outcome = try await NotafterProcess.run(["config", "schema"])
        let schema = try String(contentsOf: Self.root.appending(path: "config/notafter.schema.json"), encoding: .utf8)
        #expect(outcome.status == 0)
        #expect(outcome.output == schema, "config schema differs from config/notafter.schema.json")
    }
}
