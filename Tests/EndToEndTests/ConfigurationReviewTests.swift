import Certificates
import Foundation
import TestSupport
import Testing

/// `config validate`: errors are in the configuration, warnings in the files that it names.
struct ConfigurationReviewTests {
    private let site: Site

    init() throws {
        site = try Site()
        try site.place("good", daysLeft: 400)
        try restrict("ops.secret")
    }

    private func restrict(_ name: String, to mode: mode_t = 0o600) throws {
        try #require(chmod(site.directory.path(of: name), mode) == 0)
    }

    private func validate(
        _ text: String, _ further: [String] = [], wrapper: [String] = []
    ) async throws -> NotafterProcess.Outcome {
        try site.directory.write(text, to: "notafter.yaml")
        return try await site.run(["config", "validate"] + further + Site.at(day: 0), wrapper: wrapper)
    }

    /// The warnings without the directory of the test, by their keys.
    private func warnings(_ text: String, wrapper: [String] = []) async throws -> [String] {
        let outcome = try await validate(text, wrapper: wrapper)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        let verdict = lines.isEmpty ? "fine" : "valid, with "
        #expect(outcome.output.hasPrefix("notafter.yaml: \(verdict)"), "\(outcome.output)")
        #expect(lines.allSatisfy { $0.hasPrefix("notafter: warning: ") })
        return lines.map {
            $0.replacing("notafter: warning: ", with: "").replacing(site.directory.path + "/", with: "")
                .replacing(#/^notafter.yaml:\d+:\d+: /#, with: "")
        }
    }

    @Test func `when every file is missing, each is named`() async throws {
        let found = try await warnings(
            """
            state: var/lib/l.db
            certificates:
              - { name: a, role: client, paths: [no.pem], key: no.key, passphrase_file: no.pass }
              - { name: b, role: ca, exec: [./no-program] }
            endpoints:
              - name: api
                url: "https://api.example"
                served_certificate_file: no-served.pem
                tls_config: { ca_file: no-ca.pem, cert_file: no-cert.pem, key_file: no-cert.key }
            receivers:
              - { name: hook, webhook: { url: "https://hook.example", secret_file: no.secret } }
              - { name: chat, slack: { url_file: no.url } }
              - { name: run, exec: { command: [no-such-program] } }
            route: { receivers: [hook, chat, run] }
            heartbeat: { url_file: no.heartbeat }
            """)
        let expected = [
            "state: var/lib: does not exist: make it, owned by the user that runs notafter",
            "certificates.a.paths: no.pem: it does not exist", "certificates.a.key: no.key: does not exist",
            "certificates.a.passphrase_file: no.pass: does not exist",
            "certificates.b.exec: no-program: does not exist",
            "endpoints.api.served_certificate_file: no-served.pem: does not exist",
            "endpoints[0].tls_config: no-ca.pem: does not exist",
            "endpoints[0].tls_config: no-cert.pem: does not exist",
            "endpoints[0].tls_config: no-cert.key: does not exist",
            "receivers[1].slack.url_file: the file does not exist", "heartbeat.url_file: the file does not exist",
        ]
        for line in expected { #expect(found.contains(line), "\(found.joined(separator: "\n"))") }
        for start in [
            "receivers[0].webhook.secret_file: the file does not exist; make one: ", "receivers.run.exec.command: ",
        ] {
            #expect(found.contains { $0.hasPrefix(start) }, "\(found.joined(separator: "\n"))")
        }
        #expect(found.count == expected.count + 2, "\(found.joined(separator: "\n"))")
    }

    @Test func `when every file is right, it is fine`() async throws {
        try writeClient(daysLeft: 100)
        try site.directory.write(site.authority.pem, to: "ca.pem")
        let found = try await warnings(
            """
            certificates: [{ name: a, role: client, paths: [pki, client.pem], key: client.key }]
            endpoints:
              - name: api
                url: "https://api.example"
                served_certificate_file: client.pem
                tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }
            receivers: [{ name: hook, webhook: { url: "https://hook.example", secret_file: ops.secret } }]
            route: { receivers: [hook] }
            """)
        #expect(found.isEmpty, "\(found)")
    }

    private func writeClient(daysLeft: Int64) throws {
        let client = try site.certificate("client", daysLeft: daysLeft)
        try site.directory.write(client.pem, to: "client.pem")
        try site.directory.write(try client.keyPEM, to: "client.key")
        try restrict("client.key")
    }

    @Test func `expired client certificates of endpoints, receivers and the heartbeat are warned of`() async throws {
        try writeClient(daysLeft: -1)
        let tls = "tls_config: { cert_file: client.pem, key_file: client.key }"
        let found = try await warnings(
            """
            certificates: [{ name: a, role: client, paths: [pki] }]
            endpoints: [{ name: api, url: "https://api.example", \(tls) }]
            receivers:
              - { name: hook, webhook: { url: "https://hook.example", secret_file: ops.secret, \(tls) } }
            route: { receivers: [hook] }
            heartbeat: { url: "https://beat.example/x", \(tls) }
            """)
        for place in ["endpoints[0]", "receivers[0].webhook", "heartbeat"] {
            #expect(found.contains { $0.hasPrefix("\(place).tls_config: the client certificate expired ") }, "\(found)")
        }
        #expect(found.count == 3)
    }

    @Test func `what a place or key holds in place of what it should, and who may read it, is said`() async throws {
        try site.directory.write("<html>", to: "page.pem")
        try site.directory.write("hello\n", to: "open.key")
        let found = try await warnings(
            """
            certificates: [{ name: a, role: client, paths: [page.pem], key: open.key }]
            receivers: [{ name: chat, slack: { url_file: chat.url } }]
            route: { receivers: [chat] }
            """, files: ["chat.url": "https://chat.example/x\n"])
        #expect(
            found == [
                "receivers[0].slack.url_file: chat.url is open to others than its owner (0644): chmod 600",
                "certificates.a.paths: page.pem: it holds no certificate: it is an HTML or XML document",
                "certificates.a.key: open.key: is open to others than its owner (0644): chmod 600",
                "certificates.a.key: open.key: holds no private key in PEM",
            ], "\(found.joined(separator: "\n"))")
    }

    private func warnings(_ text: String, files: [String: String]) async throws -> [String] {
        for (name, content) in files {
            try site.directory.write(content, to: name)
            try restrict(name, to: 0o644)
        }
        try restrict("open.key", to: 0o644)
        return try await warnings(text)
    }

    @Test func `a file that can never work is an error, beside which warnings are said as well`() async throws {
        try site.directory.write("<html>", to: "page.pem")
        let outcome = try await validate(
            """
            certificates: [{ name: a, role: client, paths: [no.pem] }]
            endpoints: [{ name: api, url: "https://api.example", tls_config: { ca_file: page.pem } }]
            """)
        #expect(outcome.status == 4)
        #expect(outcome.output.isEmpty)
        let path = site.directory.path(of: "page.pem")
        let error = "endpoints[0].tls_config: \(path): holds no certificate: it is an HTML or XML document"
        #expect(outcome.errors.contains(error), "\(outcome.errors)")
        #expect(outcome.errors.contains("warning: certificates.a.paths: "), "\(outcome.errors)")
    }

    @Test func `the rights of the user that asks count`() async throws {
        try site.directory.makeDirectory("var")
        try restrict("var", to: 0o500)
        try restrict("ops.secret", to: 0)
        let found = try await warnings(
            """
            state: var/l.db
            certificates: [{ name: a, role: client, paths: [pki] }]
            receivers: [{ name: hook, webhook: { url: "https://hook.example", secret_file: ops.secret } }]
            route: { receivers: [hook] }
            """, wrapper: try OrdinaryRights.wrapper)
        try restrict("var", to: 0o700)
        #expect(
            found == [
                "receivers[0].webhook.secret_file: the file cannot be read: Permission denied",
                "state: var: cannot be written by this user: Permission denied",
            ], "\(found.joined(separator: "\n"))")
    }

    @Test func `JSON has errors and warnings, and is there without either`() async throws {
        struct Report: Decodable {
            struct Remark: Decodable {
                let file: String
                let line: Int?
                let path: String
                let message: String
            }

            let valid: Bool
            let errors: [Remark]
            let warnings: [Remark]
        }
        func report(_ text: String, status: Int32) async throws -> Report {
            let outcome = try await validate(text, ["--json"])
            #expect(outcome.status == status, "\(outcome.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        }
        let fine = try await report("certificates: [{ name: a, role: client, paths: [pki] }]\n", status: 0)
        #expect(fine.valid && fine.errors.isEmpty && fine.warnings.isEmpty)
        let warned = try await report("certificates: [{ name: a, role: client, paths: [no.pem] }]\n", status: 0)
        #expect(warned.valid && warned.errors.isEmpty && warned.warnings.map(\.path) == ["certificates.a.paths"])
        let broken = try await report("certificates: 3\ncolour: red\n", status: 4)
        #expect(!broken.valid && broken.warnings.isEmpty)
        #expect(broken.errors.map(\.path).sorted() == ["certificates", "colour"])
        #expect(broken.errors.allSatisfy { $0.line != nil && $0.file == "notafter.yaml" })
    }
}
