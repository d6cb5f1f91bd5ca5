import Certificates
import Configuration
import TestSupport
import Testing

/// `listen`
struct ListenTests {
    @Test(
        arguments: [
            ("127.0.0.1:9793", "127.0.0.1:9793"), ("127.1.2.3:1", "127.1.2.3:1"), (#""[::1]:9793""#, "[::1]:9793"),
            (#""[0:0:0:0:0:0:0:1]:0""#, "[0:0:0:0:0:0:0:1]:0"),
            ("unix:/run/notafter/http.sock", "unix:/run/notafter/http.sock"),
            ("{ address: 127.0.0.1:9793 }", "127.0.0.1:9793"),
        ])
    func `addresses of this machine alone are taken`(value: String, address: String) throws {
        let settings = try Scratch().load(Self.configuration(value))
        #expect(settings.listen?.address.description == address)
        #expect(settings.listen?.tokenFile == nil)
    }

    private static let files = "tls: { certificate: c.pem, key: c.key"

    @Test(
        arguments: [
            ("0.0.0.0:9793", "add tls"), (#""[::]:9793""#, "add tls"), ("10.0.0.1:80", "add tls"),
            (#""[::ffff:127.0.0.1]:80""#, "add tls"), ("128.0.0.1:80", "add tls"),
            ("{ address: 0.0.0.0:9793, token_file: token }", "listen.address: \"0.0.0.0:9793\" can be reached"),
            ("{ address: 0.0.0.0:9793, \(files) } }", "add token_file, or client_ca"),
            (#"":9793""#, "0.0.0.0:9793"), ("localhost:9793", "has no IP address"),
            ("{ address: status.example.com:443 }", "has no IP address"),
            ("{ address: unix:/run/http.sock, \(files) } }", "a socket has no TLS"),
            ("{ address: 0.0.0.0:9793, token_file: token, tls: { certificate: c.pem } }", "listen.tls.key: missing"),
            ("{ address: 0.0.0.0:9793, token_file: token, tls: { cert: c.pem, key: k } }", "listen.tls.cert"),
        ])
    func `addresses that others can reach need TLS and a proof of each client`(value: String, reason: String) throws {
        let problems = try Scratch().problems(of: Array(Self.configuration(value).utf8))
        #expect(problems.contains { $0.contains(reason) }, "\(problems)")
    }

    @Test(
        arguments: [
            ("{ address: 0.0.0.0:9793, token_file: token, \(files) } }", "0.0.0.0:9793"),
            (#"{ address: "[::]:9793", \#(files), client_ca: ca.pem } }"#, "[::]:9793"),
            ("{ address: 127.0.0.1:9793, \(files) } }", "127.0.0.1:9793"),
        ])
    func `with them every address is taken, and the certificate is watched`(value: String, address: String) throws {
        let scratch = try Scratch()
        let settings = try scratch.load(Self.configuration(value))
        #expect(settings.listen?.address.description == address)
        #expect(settings.listen?.tls?.certificate == scratch.path + "/c.pem")
        let watched = settings.sources.map { "\($0.registration) \($0.pattern.text)" }
        #expect(watched.contains("listen/server \(scratch.path)/c.pem"), "\(watched)")
        #expect(watched.contains("listen/client_ca \(scratch.path)/ca.pem") == value.contains("client_ca"))
        #expect(settings.registrations.first { $0.name == "listen/server" }?.role == .server)
    }

    @Test func `a certificate that an entry registers is not watched twice`() throws {
        let settings = try Scratch().load(
            Self.configuration("{ address: 127.0.0.1:1, tls: { certificate: pki/c.pem, key: pki/c.key } }"))
        #expect(settings.sources.map(\.registration) == ["fleet"])
    }

    @Test func `the files of the listener's certificate are checked with the other files`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(
            Self.configuration("{ address: 127.0.0.1:1, \(Self.files), client_ca: ca.pem } }"))
        #expect(scratch.fileFindings(settings).count == 3)
        let authority = try TestPKI.authority("CA", notAfter: TestPKI.defaultNotBefore + .days(1))
        let certificate = try authority.issue(
            .server, commonName: "a", notAfter: TestPKI.defaultNotBefore + .days(1))
        try scratch.write(Array(certificate.pem.utf8), to: "c.pem")
        try scratch.write(Array(try certificate.keyPEM.utf8), to: "c.key")
        try scratch.write(Array(authority.pem.utf8), to: "ca.pem")
        let findings = scratch.fileFindings(settings).map { "\($0)" }
        #expect(findings.contains { $0.contains("the listener's certificate expired 2020-01-02") }, "\(findings)")
        #expect(findings.contains { $0.contains("no client certificate is accepted") }, "\(findings)")
        try scratch.write(Array(try TestPKI.authority("other").certificate.keyPEM.utf8), to: "c.key")
        let mismatch = scratch.fileFindings(settings).map { "\($0)" }
        #expect(mismatch.contains { $0.contains("is not the key of the certificate in") }, "\(mismatch)")
    }

    @Test(
        arguments: [
            ("9793", "is not an address such as"), ("127.0.0.1", "is not an address such as"),
            ("127.0.0.1:65536", "is not an address such as"), (#""127.0.0.1:-1""#, "is not an address such as"),
            ("127.0.0.1:http", "is not an address such as"), ("unix:http.sock", "must be absolute"),
            ("[127.0.0.1]", "must be a mapping"), ("true", "must be a mapping"),
            ("unix:/\(String(repeating: "a", count: 200))", "has at most 107 bytes"), ("{}", "listen.address: missing"),
        ])
    func `every other address is refused, with the reason`(value: String, reason: String) throws {
        let problems = try Scratch().problems(of: Array(Self.configuration(value).utf8))
        #expect(problems.count >= 1 && problems.contains { $0.contains(reason) }, "\(problems)")
    }

    @Test func `a token file is absolute and checked with the other files`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(Self.configuration("{ address: 127.0.0.1:1, token_file: token }"))
        #expect(settings.listen?.tokenFile?.path == scratch.path + "/token")
        #expect(scratch.fileFindings(settings).count == 1)
        try scratch.write(Array("secret\n".utf8), to: "token")
        #expect(scratch.fileFindings(settings).isEmpty)
    }

    @Test func `without listen nothing is served`() throws {
        let settings = try Scratch().load("certificates: [{ name: fleet, role: client, paths: [pki] }]")
        #expect(settings.listen == nil)
        #expect(settings.certificateSeries == 10_000)
    }

    private static func configuration(_ value: String) -> String {
        "certificates: [{ name: fleet, role: client, paths: [pki] }]\nlisten: \(value)\n"
    }
}
