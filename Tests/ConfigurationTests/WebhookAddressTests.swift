import Certificates
import Configuration
import Testing

@Suite struct WebhookAddressTests {
    @Test(arguments: [
        ("https://ops.example.com/hook?token=a%20b", true),
        ("HTTPS://OPS.EXAMPLE.COM:8443", true),
        ("https://[2001:db8::1]:8443/hook", true),
        ("http://127.0.0.1:8080/hook", true),
        ("http://127.255.0.9", true),
        ("http://[::1]:8080/", true),
        ("http://localhost", true),
        ("http://127.1/", false),
        ("http://127.0.0.256/", false),
        ("http://128.0.0.1/", false),
        ("http://localhost.example.com/", false),
        ("http://example.com/?at=127.0.0.1", false),
        ("http://127.0.0.1@example.com/", false),
        ("http://127.0.0.1\\\\@example.com/", false),
        ("http://127.0.0.1:80:90/", false),
        ("https://ops.example.com:0/", false),
        ("https://ops.example.com:/", false),
        ("https://ops..example.com/", false),
        ("https://[ops.example.com]/", false),
        ("https://ops.example.com/é", false),
        ("ftp://ops.example.com/", false),
        ("https:/ops.example.com/", false),
        ("file:///etc/passwd", false),
    ])
    func `a webhook goes over https, or stays on this machine`(url: String, isTaken: Bool) throws {
        let problems = try Scratch().problems(
            of: Array(
                """
                certificates: [{ name: a, role: ca, paths: [a.pem] }]
                receivers: [{ name: ops, webhook: { url: "\(url)" } }]
                route: { receivers: [ops] }
                """.utf8))
        #expect(problems.isEmpty == isTaken, "\(problems)")
    }

    @Test(arguments: ["url: 'http://lan.example.com/hook'", "url_file: hook.url"])
    func `with allow_http a webhook may go over http to any host`(address: String) throws {
        let scratch = try Scratch()
        try scratch.write("http://lan.example.com/hook".utf8, to: "hook.url")
        for (isAllowed, problems) in [(true, 0), (false, 1)] {
            let text = """
                certificates: [{ name: a, role: ca, paths: [a.pem] }]
                receivers: [{ name: ops, webhook: { \(address), allow_http: \(isAllowed) } }]
                route: { receivers: [ops] }
                """
            let found = try scratch.problems(of: Array(text.utf8))
            let inFile = found.isEmpty ? scratch.fileFindings(try scratch.load(text)) : []
            #expect(found.count + inFile.count == problems, "\(found) \(inFile)")
        }
    }
}
