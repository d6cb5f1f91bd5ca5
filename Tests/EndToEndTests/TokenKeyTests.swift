import Foundation
import TestSupport
import Testing

/// A client key that stays on a token, used through OpenSSL's engine and SoftHSM.
struct TokenKeyTests {
    private let server: NginxServer
    private let directory: TemporaryDirectory
    private let token: SoftToken

    init() async throws {
        let authority = try TestPKI.authority("Endpoint CA")
        directory = try TemporaryDirectory()
        server = try await NginxServer(
            certificate: authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")]),
            clientAuthority: authority)
        let client = try authority.issue(.client, commonName: "gateway")
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(client.pem, to: "client.pem")
        token = try SoftToken(key: client)
    }

    private func probe(
        _ key: String, _ environment: [String: String], further: [String] = []
    ) async throws -> NotafterProcess.Outcome {
        try await NotafterProcess.run(
            ["probe", server.url(), "--cacert", "ca.pem", "--cert", "client.pem", "--key", key] + further,
            environment: environment, directory: directory.path)
    }

    @Test func `a key on a token opens the door`() async throws {
        let outcome = try await probe(token.uri(), token.environment, further: ["--explain"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.hasPrefix("enforced"))
        #expect(outcome.errors.isEmpty)
        #expect(
            outcome.output.contains("-engine pkcs11 -keyform engine -key 'pkcs11:token=gate;object=probe;type=private'")
        )
        #expect(outcome.output.contains("--engine pkcs11 --key-type ENG --key 'pkcs11:token=gate"))
        #expect(!outcome.output.contains(SoftToken.pin))
    }

    @Test func `what is amiss with a token is said, and never its PIN`() async throws {
        let missing = try await probe(token.uri(object: "other"), token.environment)
        #expect(missing.output.contains("misconfigured"))
        #expect(missing.output.contains("is not found: look whether p11-kit list-modules"), "\(missing.output)")
        let without = try await probe("pkcs11:token=gate;object=probe", token.environment)
        #expect(without.output.contains("names a PIN by pin-source"), "\(without.output)")
        let unread = try await probe(token.uri(pinFile: "/nowhere/pin"), token.environment)
        #expect(unread.output.contains("/nowhere/pin: does not exist"), "\(unread.output)")
        let open = try await probe("pkcs11:token=gate?pin-value=\(SoftToken.pin)", token.environment)
        #expect(open.output.contains("holds a PIN: write it into a file"), "\(open.output)")
        let engines = token.environment.merging(["OPENSSL_ENGINES": directory.path]) { $1 }
        let bare = try await probe(token.uri(), engines)
        #expect(bare.output.contains("libengine-pkcs11-openssl"), "\(bare.output)")
        for outcome in [missing, without, unread, open, bare] {
            #expect(outcome.status == 1)
            #expect(outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(!outcome.output.contains(SoftToken.pin))
        }
    }

    @Test func `a wrong PIN is tried once, however many endpoints name it`() async throws {
        let pin = try directory.write("000000\n", to: "pin")
        let log = directory.path(of: "calls.log")
        let endpoints = (0..<6).map { number in
            """
              - name: api-\(number)
                url: "\(server.url("/\(number)"))"
                tls_config:
                  ca_file: ca.pem
                  cert_file: client.pem
                  key_file: "\(token.uri(object: number < 3 ? "probe" : "other", pinFile: pin))"
            """
        }
        try directory.write("endpoints:\n" + endpoints.joined(separator: "\n") + "\n", to: "notafter.yaml")
        let outcome = try await NotafterProcess.run(
            ["probe"], environment: token.environment(loggingTo: log), directory: directory.path)
        #expect(outcome.status == 1)
        #expect(outcome.output.components(separatedBy: "is not opened by the PIN").count == 7, "\(outcome.output)")
        let calls = try directory.read("calls.log").components(separatedBy: "\n")
        #expect(calls.filter { $0.contains("C_Login") }.count == 1)
        try directory.write(SoftToken.pin + "\n", to: "pin")
        let mended = try await NotafterProcess.run(
            ["probe", "api-0"], environment: token.environment, directory: directory.path)
        #expect(mended.status == 0, "\(mended.output)")
    }
}
