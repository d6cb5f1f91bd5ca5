import Configuration
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

    @Test(
        arguments: [
            "0.0.0.0:9793", #"":9793""#, #""[::]:9793""#, "10.0.0.1:80", #""[::ffff:127.0.0.1]:80""#, "localhost:9793",
            "128.0.0.1:80", "{ address: status.example.com:443 }",
        ])
    func `addresses that others can reach are refused, and so are names`(value: String) throws {
        let problems = try Scratch().problems(of: Array(Self.configuration(value).utf8))
        #expect(problems.count == 1 && problems[0].contains("can be reached from other machines"), "\(problems)")
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
