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
}
