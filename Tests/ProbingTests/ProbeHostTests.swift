import Probing
import TestSupport
import Testing

@Suite struct `Hosts of endpoints` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    /// The longer ones are from RFC 3492 7.1.
    @Test(arguments: [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.Example", "xn--bcher-kva.example"),
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"), ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("faß.de", "xn--fa-hia.de"), ("a-ü-b", "xn--a--b-1ra"), ("plain.Example", "plain.Example"),
        ("e\u{301}.example", "xn--9ca.example"),
    ])
    func `a name in any script is asked for in ASCII`(written: String, name: String) {
        #expect(ProbeHost(written)?.name == name)
    }

    @Test(arguments: ["☃.example", "a b\u{A0}.example", "fe80::1%", "fe80::1%25a/b", String(repeating: "ü", count: 64)])
    func `what is in no name is not taken`(written: String) {
        #expect(ProbeHost(written) == nil)
    }

    @Test func `an interface goes to the resolver and not into the header`() throws {
        for written in ["fe80::1%25eth0", "fe80::1%eth0"] {
            let target = try ProbeTarget(url: "https://[\(written)]:8443/")
            #expect(target.nameToResolve == "fe80::1%eth0")
            #expect(target.host.inURL == "[fe80::1%25eth0]")
            #expect(target.host.inHeader == "[fe80::1]")
        }
    }

    @Test func `a trailing dot and a name in another script reach the server by the certificate's name`() async throws {
        let server = try await NginxServer(
            certificate: ProbeFixture.serverCertificate(
                of: fixture.authority, names: [.dns("localhost"), .dns("xn--bcher-kva.example")]),
            clientAuthority: fixture.authority)
        var absolute = fixture.endpoint(server.url(host: "localhost."))
        absolute.addresses = ["127.0.0.1"]
        let dotted = await fixture.probe(absolute)
        #expect(dotted.verdict == .enforced, "\(dotted.evidence)")
        var foreign = fixture.endpoint(server.url(host: "bücher.example"))
        foreign.addresses = ["127.0.0.1"]
        let report = await fixture.probe(foreign)
        #expect(report.verdict == .enforced, "\(report.evidence)")
    }

    @Test func `a scoped address is connected to`() async throws {
        // Without a listener, a refused or impossible connection shows that the address was understood.
        let report = await fixture.probe(fixture.endpoint("https://[fe80::1%25lo]:\(try LoopbackPort.free())/"))
        #expect(report.worst.positive.outcome == .connectFailed, "\(report.evidence)")
    }

    @Test func `a scoped address takes the place of what the name resolves to`() async throws {
        var endpoint = fixture.endpoint("https://localhost:\(try LoopbackPort.free())/")
        endpoint.addresses = ["fe80::1%lo", "fe80::1%no-such0"]
        let report = await fixture.probe(endpoint)
        #expect(report.rounds.map(\.positive.outcome) == [.connectFailed, .nameLookupFailed], "\(report.evidence)")
    }
}
