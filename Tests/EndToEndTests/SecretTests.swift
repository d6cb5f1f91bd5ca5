import Foundation
import TestSupport
import Testing

/// Invariant 7, tested with canaries: secrets that can be found wherever they leak.
struct SecretTests {
    private static let token = "canary-token-5f2c9e71"
    private static let query = "canary-query-8d01b6aa"

    /// The texts that must appear nowhere.
    private struct Canaries {
        var words: [String]

        func leaked(in text: String) -> [String] { leaked(in: Data(text.utf8)) }

        func leaked(in data: Data) -> [String] { words.filter { data.range(of: Data($0.utf8)) != nil } }
    }

    /// A malicious receiver that echoes the whole request.
    private static func echo(_ status: Int) -> RecordingReceiver.Script {
        { _, request in
            let headers = request.headers.map { "\($0): \($1)" }.sorted().joined(separator: "; ")
            return .answer(
                status, headers: ["Location: http://127.0.0.1\(request.path)", "X-Echo: \(request.path)"],
                body: "\(request.path) \(headers)")
        }
    }

    private func site(_ receiver: RecordingReceiver) throws -> (Site, Canaries) {
        let site = try Site(ops: receiver)
        let client = try site.certificate("probe", daysLeft: 20)
        let keyLines = try client.keyPEM.split(separator: "\n").map(String.init)
        // A key in the file of its certificate, as HAProxy uses it, and a malformed key.
        try site.directory.write(client.pem + client.keyPEM, to: "pki/probe.pem")
        try site.directory.write(client.keyPEM, to: "probe.key")
        let broken = "canaryBrokenKey0123456789abcdefABCDEF"
        try site.directory.write(
            "-----BEGIN PRIVATE KEY-----\n\(broken)\n-----END PRIVATE KEY-----\n", to: "broken.key")
        try site.directory.write("\(receiver.url)/\(Self.token)?key=\(Self.query)\n", to: "ops.url")
        let port = try LoopbackPort.free()
        let tls = "ca_file: pki/probe.pem, cert_file: pki/probe.pem"
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            endpoints:
              - { name: one, url: "https://127.0.0.1:\(port)/", tls_config: { \(tls), key_file: probe.key } }
              - { name: two, url: "https://127.0.0.1:\(port)/", tls_config: { \(tls), key_file: broken.key } }
            receivers: [{ name: ops, webhook: { url_file: ops.url, secret_file: ops.secret } }]
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        let secret = String(Site.signingSecret.dropFirst("whsec_".count))
        return (site, Canaries(words: [secret, Self.token, Self.query, broken] + keyLines[1...2]))
    }

    @Test(arguments: [200, 302, 404, 410, 429, 500])
    func `invariant 7: no secret reaches the ledger or any output, even if the receiver says it back`(status: Int)
        async throws
    {
        let receiver = try RecordingReceiver(Self.echo(status))
        let (site, canaries) = try site(receiver)
        for command in [
            ["scan"], ["scan", "--json"], ["test-notify"], ["test-notify", "--json"], ["probe"], ["probe", "--json"],
            ["list"], ["list", "--json"], ["check", "--config", "notafter.yaml"], ["check", "--json", "pki"],
            ["inspect", "pki/probe.pem"], ["inspect", "--json", "probe.key"], ["config", "validate"],
        ] {
            let outcome = try await site.run(command)
            #expect(canaries.leaked(in: outcome.output) == [], "\(command)")
            #expect(canaries.leaked(in: outcome.errors) == [], "\(command)")
        }
        #expect(receiver.requests.allSatisfy { $0.path.contains(Self.token) })
        #expect(canaries.leaked(in: try site.ledger.bytes()) == [])
    }

    /// Every kind of receiver that has a secret, with a service that echoes it.
    @Test(arguments: [200, 302, 403, 410, 500])
    func `invariant 7: no receiver's secret reaches the ledger or any output`(status: Int) async throws {
        let service = try RecordingReceiver(Self.echo(status))
        let site = try Site(ops: service)
        try site.place("billing", daysLeft: 10)
        try site.directory.write(Self.token + "\n", to: "token")
        try site.directory.write("\(service.url)/\(Self.token)?key=\(Self.query)\n", to: "chat.url")
        let url = "url: \"\(service.url)\""
        let closed = try LoopbackPort.free()
        let receivers = [
            "slack: { url_file: chat.url }", "teams: { url_file: chat.url }", "discord: { url_file: chat.url }",
            "mattermost: { url_file: chat.url }", "telegram: { token_file: token, chat_id: 1, \(url) }",
            "ntfy: { topic_file: token, token_file: token, \(url) }",
            "pagerduty: { routing_key_file: token, \(url) }", "opsgenie: { api_key_file: token, \(url) }",
            "alertmanager: { urls: [\"\(service.url)\"], bearer_token_file: token }",
            "webhook: { \(url), bearer_token_file: token, format: cloudflare, cf_webhook_auth_file: token }",
            "email: { server: \"127.0.0.1:\(closed)\", from: a@b.example, to: [a@b.example], encryption: none, "
                + "username: u, password_file: token }",
            "exec: { command: [/bin/sh, -c, \"cat >&2; env >&2; exit 1\"] }",
        ]
        let names = receivers.indices.map { "r\($0)" }
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            receivers:
            \(zip(names, receivers).map { "  - { name: \($0), \($1) }" }.joined(separator: "\n"))
            route: { receivers: [\(names.joined(separator: ", "))] }

            """, to: "notafter.yaml")
        let canaries = Canaries(words: [Self.token, Self.query])
        for command in [
            ["scan"] + Site.at(day: 0), ["scan", "--json"] + Site.at(day: 1), ["test-notify"],
            ["test-notify", "--json"],
            ["config", "validate"],
        ] {
            let outcome = try await site.run(command)
            #expect(outcome.status != 4, "\(outcome.errors)")
            #expect(canaries.leaked(in: outcome.output) == [], "\(command)")
            #expect(canaries.leaked(in: outcome.errors) == [], "\(command)")
        }
        #expect(service.requests.count >= receivers.count)
        #expect(canaries.leaked(in: try site.ledger.bytes()) == [])
    }

    @Test func `invariant 7: a daemon's log holds no secret`() async throws {
        let receiver = try RecordingReceiver(Self.echo(404))
        let (site, canaries) = try site(receiver)
        let daemon = try NotafterProcess(["run"], directory: site.directory.path)
        try await waitUntil("the first pass is over") { daemon.errors.contains("pass ") }
        try site.directory.write("\(receiver.url)/\(Self.token) and a blank", to: "ops.url")
        daemon.signal(SIGHUP)
        try await waitUntil("the reload is over") { daemon.errors.contains("configuration reloaded") }
        daemon.signal(SIGTERM)
        let outcome = try await daemon.outcome()
        #expect(canaries.leaked(in: outcome.errors + outcome.output) == [])
    }

    @Test(arguments: [
        "receivers: [{ name: ops, webhook: { url: \"ftp://host/CANARY\" } }]",
        "receivers: [{ name: ops, webhook: { url: \"https://user:CANARY@host/\" } }]",
        "receivers: [{ name: ops, webhook: { url: https://host/hook, secret: whsec_CANARY } }]",
        "receivers: [{ name: ops, webhook: { url: https://host/hook, secret_file: whsec_CANARY } }]",
        "receivers: [{ name: ops, webhook: { url_file: \"https://host/CANARY\" } }]",
        "receivers: [{ name: ops, webhook: { url:https://host/CANARY } }]",
        "receivers: [{ name: ops, webhook: https://host/CANARY }]",
        "receivers: [{ name: ops, webhook: [ https://host/CANARY",
    ])
    func `invariant 7: an error of the configuration does not quote a secret`(receivers: String) async throws {
        let site = try Site()
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            \(receivers)
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        for command in [["config", "validate"], ["scan"], ["test-notify"], ["run"], ["list"], ["probe"]] {
            let outcome = try await site.run(command)
            #expect(outcome.status == 4)
            #expect(!(outcome.output + outcome.errors).contains("CANARY"), "\(command): \(outcome.errors)")
        }
    }

    @Test(arguments: [
        "webhook: { url_file: bad.url }", "webhook: { url: https://host/hook, secret_file: bad.secret }",
        "slack: { url_file: bad.url }", "pagerduty: { routing_key_file: bad.key }",
    ])
    func `invariant 7: a file that cannot be used is not quoted`(receiver: String) async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        try site.directory.write("gopher://host/CANARY", to: "bad.url")
        try site.directory.write("CANARY\nwhsec_CANARY\n", to: "bad.secret")
        try site.directory.write("CANARY\u{7}", to: "bad.key")
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            receivers: [{ name: ops, \(receiver) }]
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        for command in [
            ["config", "validate"], ["scan"] + Site.at(day: 0), ["test-notify"], ["deliveries"], ["list"],
        ] {
            let outcome = try await site.run(command)
            #expect(!(outcome.output + outcome.errors).contains("CANARY"), "\(command): \(outcome.errors)")
        }
        #expect(try site.ledger.bytes().range(of: Data("CANARY".utf8)) == nil)
    }
}
