import Foundation
import TestSupport
import Testing

struct ProbeCommandTests {
    private let authority: TestAuthority
    private let server: NginxServer
    private let directory: TemporaryDirectory

    init() async throws {
        authority = try TestPKI.authority("Endpoint CA")
        directory = try TemporaryDirectory()
        server = try await NginxServer(
            certificate: authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")]),
            clientAuthority: authority)
        let client = try authority.issue(.client, commonName: "gateway")
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(client.pem, to: "client.pem")
        try directory.write(client.keyPEM, to: "client.key")
    }

    private func run(_ arguments: String...) async throws -> NotafterProcess.Outcome {
        try await NotafterProcess.run(["probe"] + arguments, directory: directory.path)
    }

    @Test func `a URL needs no configuration`() async throws {
        let outcome = try await run(
            server.url("/health"), "--cert", "client.pem", "--key", "client.key", "--cacert", "ca.pem")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.hasPrefix("enforced  localhost  https://localhost:"))
        let without = try await run(server.url(), "--cacert", "ca.pem")
        #expect(without.status == 1)
        #expect(without.output.contains("refuses us, and no client certificate is configured"), "\(without.output)")
        #expect(!without.output.contains("refuses our client certificate"))
    }

    @Test func `what belongs to a URL is not taken without one`() async throws {
        for arguments in [
            ["--cert", "client.pem"], ["--key", "client.key", "https://localhost/"], ["gopher://localhost/"],
        ] {
            #expect(try await NotafterProcess.run(["probe"] + arguments, directory: directory.path).status == 64)
        }
    }

    @Test func `history shows what the passes found, and probes nothing`() async throws {
        try directory.write(
            """
            endpoints:
              - name: api
                url: "\(server.url())"
                tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }
            """, to: "notafter.yaml")
        let early = try await run("api", "--history")
        #expect(early.status != 0 && early.errors.contains("there is no ledger"), "\(early.errors)")
        #expect(try await NotafterProcess.run(["scan"], directory: directory.path).status == 0)
        let nothing = try await run("--history")
        #expect(nothing.status == 64)
        let text = try await run("api", "--history")
        #expect(text.status == 0, "\(text.errors)")
        for part in ["hour", "slowest", "round", "enforced", "first byte", " ms"] {
            #expect(text.output.contains(part), "\(part): \(text.output)")
        }
        struct Listing: Decodable {
            struct Endpoint: Decodable {
                struct Round: Decodable {
                    let verdict: String
                    let good: Bool
                    let timings_ms: [String: Int?]
                }
                struct Hour: Decodable {
                    let rounds: Int
                    let good: Int
                }

                let name: String
                let rounds: [Round]
                let hours: [Hour]
            }

            let endpoints: [Endpoint]
        }
        let json = try await run("api", "--history", "--json")
        let listing = try JSONDecoder().decode(Listing.self, from: Data(json.output.utf8))
        let endpoint = try #require(listing.endpoints.first)
        #expect(endpoint.name == "api")
        #expect(endpoint.rounds.map(\.verdict) == ["enforced"])
        #expect(Set(endpoint.rounds[0].timings_ms.keys) == ["dns", "connect", "tls", "first_byte", "total"])
        #expect(endpoint.hours.map(\.rounds) == [1])
    }

    @Test func `explain says what was said, what it means, who can fix it and how to see it`() async throws {
        let outcome = try await run(
            "--explain", server.url("/health"), "--cert", "client.pem", "--key", "client.key", "--cacert", "ca.pem",
            "--resolve", "127.0.0.1")
        #expect(outcome.status == 0)
        for part in [
            "meaning", "Probed at 127.0.0.1",
            "for a client certificate of CN=Endpoint CA; ours is among them", "CN=localhost until",
            "GET /health, showing CN=gateway, issued by CN=Endpoint CA", "HTTP 200", "HTTP 400, HTTP/2, TLSv1.3",
            "refused_no_cert", "curl --verbose", "--connect-to ::127.0.0.1:\(server.port)",
            "openssl s_client -connect 127.0.0.1:\(server.port) -servername localhost",
        ] {
            #expect(outcome.output.contains(part), "\(part) in \(outcome.output)")
        }
        #expect(!outcome.output.contains("PRIVATE KEY"))
    }

    @Test(arguments: [
        ["--cert", "client.pem", "--key", "client.key"],
        ["--cert", "client.pem", "--key", "closed.key", "--key-passphrase-file", "passphrase"],
        ["--cert", "client.p12", "--key-passphrase-file", "passphrase"],
    ])
    func `the commands that explain shows do what it says`(client: [String]) async throws {
        let path = directory.path(of:)
        try directory.write("it's open\n", to: "passphrase")
        let pass = "file:" + path("passphrase")
        let openssl = try RequiredTool("openssl")
        try openssl.run(["pkey", "-in", path("client.key"), "-aes256", "-passout", pass, "-out", path("closed.key")])
        try openssl.run([
            "pkcs12", "-export", "-in", path("client.pem"), "-inkey", path("client.key"), "-passout", pass, "-out",
            path("client.p12"),
        ])
        let outcome = try await NotafterProcess.run(
            ["probe", "--explain", server.url("/health", host: "127.0.0.1"), "--server-name", "localhost"] + client
                + ["--cacert", "ca.pem"], directory: directory.path)
        #expect(outcome.status == 0, "\(outcome.output)")
        let lines = outcome.output.split(separator: "\n").map { $0.drop { $0 == " " } }
        let commands = lines.filter { $0.hasPrefix("openssl") || $0.hasPrefix("curl") }
        #expect(commands.count == 3)
        for (command, answer) in zip(commands, ["let in", "Verify return code: 0 (ok)", "Verify return code: 0 (ok)"]) {
            let script = try directory.write("cd \(directory.path) && \(command) >output 2>&1\n", to: "show.sh")
            try RequiredTool("sh").run([script])
            let output = try directory.read("output")
            #expect(output.contains(answer), "\(command): \(output)")
        }
    }
}
