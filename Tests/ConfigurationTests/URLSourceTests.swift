import Configuration
import TransportSecurity
import Testing

/// The settings of an entry for a URL.
@Suite struct URLSourceTests {
    private static func configuration(_ keys: String, list: Bool = false) -> [UInt8] {
        Array(
            (list
                ? "revocation_lists: [{ name: a, \(keys) }]" : "certificates: [{ name: a, role: ca, \(keys) }]").utf8)
    }

    static let problems: [(keys: String, isList: Bool, problem: String?)] = [
        ("url: 'https://a.example/', bearer_token_file: t", false, nil),
        ("url: 'https://a.example/', http_headers: { X-Vault-Token: { files: [t], values: [x] } }", false, nil),
        ("url: 'https://a.example/', http_headers: { Authorization: { files: [t] } }", false, nil),
        ("url: 'http://a.example/ca.pem', allow_http: true, bearer_token_file: t", false, nil),
        ("url: 'http://a.example/a.crl'", true, nil),
        ("url: 'http://a.example/ca.pem'", false, "must begin with https:// (http:// with allow_http: true)"),
        ("url: 'http://a.example/a.crl', bearer_token_file: t", true, "http:// shows the secrets of the request"),
        ("url: 'http://a.example/a.crl', bearer_token_file: t, allow_http: true", true, nil),
        ("url: 'ftp://a.example/a.crl'", true, "must begin with https://"),
        ("paths: [a], bearer_token_file: t", false, "belongs to a url, and there is none"),
        ("paths: [a], allow_http: true", false, "belongs to a url, and there is none"),
        (
            "url: 'https://a.example/', bearer_token_file: t, http_headers: { authorization: { files: [t] } }", false,
            "bearer_token_file and http_headers exclude each other"
        ),
        ("url: 'https://a.example/', http_headers: { Authorization: { values: [x] } }", false, "name a file in files"),
        ("url: 'https://a.example/', http_headers: { X-A: {} }", false, "missing (or values)"),
        ("url: 'https://a.example/', http_headers: { X-A: { values: [y], secrets: [x] } }", false, "is not taken"),
        (
            "url: 'https://a.example/', http_headers: { 'X A': { values: [x] } }", false,
            "is not the name of an HTTP header"
        ),
        ("url: 'https://a.example/', http_headers: { Host: { values: [x] } }", false, "is set by notafter itself"),
    ]

    @Test(arguments: problems)
    func `what an entry says of its URL is checked`(keys: String, isList: Bool, problem: String?) throws {
        let problems = try Scratch().problems(of: Self.configuration(keys, list: isList))
        #expect(problems.count == (problem == nil ? 0 : 1), "\(problems)")
        #expect(problem.map { problems.first?.contains($0) == true } ?? true, "\(problems)")
    }

    @Test func `tokens and header files reach the source, by absolute paths`() throws {
        let scratch = try Scratch()
        let source = try #require(
            try scratch.load(
                Self.configuration(
                    "url: 'https://a.example/', bearer_token_file: t, http_headers: { X-A: { files: [u] } }")
            ).urls.first)
        #expect(source.bearerTokenFile == SecretFile(path: scratch.path + "/t", key: "bearer_token_file"))
        #expect(
            source.headers == [
                SecretHeader(
                    name: "X-A", values: [], files: [SecretFile(path: scratch.path + "/u", key: "http_headers.X-A")])
            ])
    }
}
