import Probing
import TestSupport
import Testing

@Suite struct `Files of an endpoint` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func message(client: String = "good", ca: String = "ca.pem") async throws -> String {
        let report = await fixture.probe(fixture.endpoint("https://localhost:1/", client: client, ca: ca))
        #expect(report.verdict == .misconfigured)
        #expect(report.worst.positive.outcome == .clientFilesUnusable)
        return try #require(report.worst.positive.message)
    }

    @Test func `a missing file is named`() async throws {
        #expect(try await message(client: "absent").hasSuffix("/absent.pem: does not exist"))
        #expect(try await message(ca: "no-ca.pem").hasSuffix("/no-ca.pem: does not exist"))
    }

    @Test func `a key of another certificate is named`() async throws {
        let other = try fixture.authority.issue(.client, commonName: "other")
        try fixture.directory.write(other.keyPEM, to: "good.key")
        #expect(try await message().hasSuffix("/good.key: is not the key of the certificate"))
    }

    @Test func `an encrypted key is an error and never a prompt`() async throws {
        let key = fixture.directory.path(of: "good.key")
        let arguments = ["pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", key + ".new"]
        try RequiredTool("openssl").run(arguments)
        try RequiredTool("mv").run([key + ".new", key])
        #expect(try await message().contains("/good.key: is encrypted"))
    }

    @Test func `a file without certificates is named`() async throws {
        try fixture.directory.write("nothing here\n", to: "good.pem")
        #expect(try await message().hasSuffix("/good.pem: holds no certificate in PEM"))
        try fixture.directory.write("", to: "ca.pem")
        #expect(try await message().hasSuffix("/ca.pem: holds no certificate: it is empty"))
    }

    @Test func `a broken block is an error, not a smaller set of anchors`() async throws {
        let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        try fixture.directory.write(fixture.authority.pem + broken, to: "ca.pem")
        #expect(try await message().contains("/ca.pem: cannot be read by OpenSSL"))
    }

    @Test func `a FIFO in the place of a file is named and not waited for`() async throws {
        try RequiredTool("mkfifo").run([fixture.directory.path(of: "fifo")])
        #expect(try await message(ca: "fifo").hasSuffix("/fifo: is not a regular file"))
    }

    @Test func `a directory in the place of a file is named`() async throws {
        try fixture.directory.makeDirectory("folder")
        #expect(try await message(ca: "folder").hasSuffix("/folder: is a directory"))
    }
}
