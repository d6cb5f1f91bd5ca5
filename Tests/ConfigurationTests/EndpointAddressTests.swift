import Configuration
import Probing
import Testing

@Suite struct EndpointAddressTests {
    @Test(arguments: [
        ("https://bücher.example/", true), ("https://BÜCHER.example/", true), ("wss://例え.テスト/socket", true),
        ("https://xn--bcher-kva.example/", true), ("https://api.example.com./health", true),
        ("https://[fe80::1%25eth0]:8443/", true), ("https://[fe80::1%eth0]/", true),
        ("postgresql://watcher@datenbank-größe.example/db", true), ("https://a b.example/", false),
        ("https://bücher☃.example/", false), ("https://api..example.com/", false), ("https://[fe80::1%25]/", false),
        ("https://[fe80::1%25eth0/x]/", false), ("https://api.example.com/größe", false),
    ])
    func `a host may be of any script, end with a dot, or name its interface`(url: String, isTaken: Bool) throws {
        let problems = try Scratch().problems(of: Array("endpoints: [{ name: a, url: \"\(url)\" }]".utf8))
        #expect(problems.filter { $0.description.contains("url") }.isEmpty == isTaken, "\(problems)")
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("fe80::1", "fe80::1"),
        ("fe80::1%eth0", "fe80::1%eth0"), ("fe80::1%25eth0", "fe80::1%eth0"),
        ("febf::1%wlan0.100", "febf::1%wlan0.100"),
        ("2001:db8::1%eth0", nil), ("fe80::1%", nil), ("fe80::1%a/b", nil), ("192.0.2.1%eth0", nil), ("[::1]", nil),
        ("localhost", nil),
    ])
    func `an address in place of DNS may name its interface where it is link-local`(
        written: String, address: String?
    ) throws {
        let file = """
            endpoints: [{ name: a, url: "https://a.example.com", resolve: ["\(written)"] }]
            receivers: [{ name: ops, exec: { command: [/bin/true] } }]
            route: { receivers: [ops] }
            """
        guard let address else {
            let problems = try Scratch().problems(of: Array(file.utf8))
            #expect(problems.contains { $0.description.contains(written) }, "\(problems)")
            return
        }
        #expect(try Scratch().load(file).endpoints.map(\.addresses) == [[address]])
    }

    @Test func `an endpoint is probed in sequence where that is said`() throws {
        let settings = try Scratch().load(
            """
            endpoints:
              - { name: a, url: "https://a.example.com", sequential: true }
              - { name: b, url: "https://b.example.com" }
            receivers: [{ name: ops, exec: { command: [/bin/true] } }]
            route: { receivers: [ops] }
            """)
        #expect(settings.endpoints.map(\.isSequential) == [true, false])
    }
}
