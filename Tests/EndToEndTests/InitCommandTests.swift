import Certificates
import Delivery
import Foundation
import TestSupport
import Testing

/// `notafter init`: from nothing to a configuration that works.
struct InitCommandTests {
    /// A directory with a CA, two clients and a server, and no configuration.
    private func place() throws -> (TemporaryDirectory, RecordingReceiver) {
        let directory = try TemporaryDirectory()
        let authority = try TestPKI.authority("Own CA")
        try directory.write(authority.pem, to: "pki/ca.pem")
        for name in ["a", "b"] {
            try directory.write(try authority.issue(.client, commonName: name).pem, to: "pki/clients/\(name).pem")
        }
        try directory.write(try authority.issue(.server, commonName: "localhost").pem, to: "pki/server.pem")
        return (directory, try RecordingReceiver())
    }

    private func run(
        _ arguments: [String], in directory: TemporaryDirectory, wrapper: [String] = []
    ) async throws -> NotafterProcess.Outcome {
        try await NotafterProcess.run(arguments, directory: directory.path, wrapper: wrapper)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `what it writes loads, checks clean, and sends a signed message`() async throws {
        let (directory, receiver) = try place()
        let outcome = try await run(["init", "--path", "pki", "--webhook", receiver.url], in: directory)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("notafter.yaml: 3 registrations, 1 receiver\nops.secret: a new secret"))
        let commands = outcome.output.components(separatedBy: "Next:\n").last?.split(separator: "\n") ?? []
        #expect(commands == ["  notafter config check", "  notafter test-notify", "  notafter scan"])

        #expect(try mode(directory.path(of: "ops.secret")) == 0o600)
        let secret = try String(contentsOfFile: directory.path(of: "ops.secret"), encoding: .utf8)
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count).dropLast())))
        #expect(secret.hasPrefix("whsec_") && key.count == 32)

        let check = try await run(["config", "check"], in: directory)
        #expect(check.status == 0 && check.output.hasPrefix("notafter.yaml: fine\n"), "\(check.errors)")
        for command in commands.dropFirst() {
            let words = command.split(separator: " ").dropFirst().map(String.init)
            #expect(try await run(words, in: directory).status == 0, "\(command)")
        }
        let test = try #require(receiver.requests.first)
        let id = test.headers["webhook-id"] ?? ""
        let time = try #require(Int64(test.headers["webhook-timestamp"] ?? ""))
        let signing = try #require(SigningSecret(parsing: String(secret.dropLast())))
        #expect(test.headers["webhook-signature"] == signing.signature(id: id, timestamp: time, body: test.body))

        let list = try await run(["list"], in: directory)
        for (role, name) in [("client", "a"), ("client", "b"), ("ca", "Own CA"), ("server", "localhost")] {
            #expect(list.output.contains(try Regex("\(role) +CN=\(name) ")), "\(list.output)")
        }
    }

    @Test func `it overwrites nothing, and uses a secret that is there`() async throws {
        let (directory, receiver) = try place()
        try directory.write(Site.signingSecret + "\n", to: "ops.secret")
        let arguments = ["init", "--path", "pki/clients", "--webhook", receiver.url]
        let first = try await run(arguments, in: directory)
        #expect(first.output.contains("ops.secret: was there already, and is used"), "\(first.errors)")
        #expect(
            try String(contentsOfFile: directory.path(of: "ops.secret"), encoding: .utf8) == Site.signingSecret + "\n")
        let written = try String(contentsOfFile: directory.path(of: "notafter.yaml"), encoding: .utf8)
        let second = try await run(arguments, in: directory)
        #expect(second.status == 1)
        #expect(second.errors.contains("notafter.yaml exists already and is left as it is"), "\(second.errors)")
        #expect(try String(contentsOfFile: directory.path(of: "notafter.yaml"), encoding: .utf8) == written)
    }

    @Test func `the package's configuration is replaced while it is as shipped, and keeps its mode`() async throws {
        let (directory, receiver) = try place()
        let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "packaging/notafter.yaml")
        let path = try directory.write(try String(contentsOf: shipped, encoding: .utf8), to: "etc/notafter.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let arguments = ["init", "--path", "pki", "--webhook", receiver.url, "--config", "etc/notafter.yaml"]
        let outcome = try await run(arguments, in: directory)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try mode(path) == 0o640)
        #expect(try await run(["config", "check", "--config", "etc/notafter.yaml"], in: directory).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "etc")).count == 2)
    }

    @Test(arguments: ["# One more line.\n", ""])
    func `a changed configuration of the package, or a link to it, is left as it is`(change: String) async throws {
        let (directory, receiver) = try place()
        let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "packaging/notafter.yaml")
        let text = try String(contentsOf: shipped, encoding: .utf8) + change
        try directory.write(text, to: change.isEmpty ? "shipped.yaml" : "notafter.yaml")
        if change.isEmpty {
            try FileManager.default.createSymbolicLink(
                atPath: directory.path(of: "notafter.yaml"), withDestinationPath: "shipped.yaml")
        }
        let outcome = try await run(["init", "--path", "pki", "--webhook", receiver.url], in: directory)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("notafter.yaml exists already and is left as it is"), "\(outcome.errors)")
        #expect(try String(contentsOfFile: directory.path(of: "notafter.yaml"), encoding: .utf8) == text)
        #expect(!FileManager.default.fileExists(atPath: directory.path(of: "ops.secret")))
    }

    @Test func `a secret does not stay where the configuration cannot be written`() async throws {
        let (directory, receiver) = try place()
        let outcome = try await run(
            ["init", "--path", "pki", "--webhook", receiver.url, "--config", "nowhere/notafter.yaml"], in: directory)
        #expect(outcome.status == 1)
        #expect(!FileManager.default.fileExists(atPath: directory.path(of: "ops.secret")))
    }

    @Test func `another directory's configuration has absolute paths and its own secret`() async throws {
        let (directory, receiver) = try place()
        try directory.makeDirectory("etc")
        let outcome = try await run(
            [
                "init", "--path", "pki/clients", "--webhook", receiver.url, "--config", "etc/n.yaml", "--state",
                "here.db",
            ], in: directory)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("  notafter config check --config etc/n.yaml\n"), "\(outcome.output)")
        let text = try String(contentsOfFile: directory.path(of: "etc/n.yaml"), encoding: .utf8)
        #expect(text.contains("paths: [\"\(directory.path)/pki/clients\"]"), "\(text)")
        #expect(text.contains("state: \"\(directory.path)/here.db\""), "\(text)")
        #expect(try mode(directory.path(of: "etc/ops.secret")) == 0o600)
        #expect(try await run(["scan", "--config", "etc/n.yaml"], in: directory).status == 0)
    }

    @Test func `without a webhook there is no receiver and no secret`() async throws {
        let (directory, _) = try place()
        let outcome = try await run(["init", "--path", "pki/clients", "--json"], in: directory)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("\"registrations\" : 1"), "\(outcome.output)")
        #expect(!FileManager.default.fileExists(atPath: directory.path(of: "ops.secret")))
        #expect(try await run(["config", "check"], in: directory).status == 0)
    }

    @Test(arguments: [
        (["--path", "nowhere"], 1, "nowhere"), (["--path", "empty"], 1, "empty: holds no certificate"),
        (["--path", "pki", "--webhook", "http://example.com/"], 64, "must begin with https://"),
        (["--path", "pki", "--webhook", "https://u:p@example.com/"], 64, "user name or password"),
    ])
    func `what cannot work is refused, and nothing is written`(
        arguments: [String], status: Int32, message: String
    ) async throws {
        let (directory, _) = try place()
        try directory.makeDirectory("empty")
        let outcome = try await run(["init"] + arguments, in: directory)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory.path(of: "notafter.yaml")))
    }

    /// A person at a terminal, who answers each question that ends with a colon.
    private static let person = """
        import os, pty, sys
        answers = os.environ["ANSWERS"].split("|")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[1], sys.argv[1:])
        seen = b""
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            if not data:
                break
            seen += data
            if seen.endswith(b": ") and answers:
                os.write(terminal, (answers.pop(0) + "\\n").encode())
                seen += b"\\n"
        sys.stdout.write(seen.decode())
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """

    @Test func `at a terminal it asks for what is not given`() async throws {
        let (directory, receiver) = try place()
        let outcome = try await NotafterProcess.run(
            ["init", "--path", "pki/clients"], environment: ["ANSWERS": receiver.url], directory: directory.path,
            wrapper: ["/usr/bin/python3", "-c", Self.person])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("Webhook (- for none"), "\(outcome.output)")
        #expect(outcome.output.contains("[http://127.0.0.1:9797/]: "))
        #expect(try await run(["test-notify"], in: directory).status == 0)
        #expect(receiver.requests.count == 1)
    }
}
