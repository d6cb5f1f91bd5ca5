import CurlBinding
import Probing
import TestSupport
import Testing
import TransportSecurity

/// Endpoints that are reached through a proxy.
struct ProxyProbeTests {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    @Test(arguments: ["https", "wss", "tls"])
    func `mTLS is judged through a proxy's tunnel as it is without`(scheme: String) async throws {
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: NginxServer.Settings())
        let proxy = try ConnectProxy()
        let url = server.url().replacing("https://", with: "\(scheme)://")
        let direct = await fixture.probe(fixture.endpoint(url))
        var endpoint = fixture.endpoint(url)
        endpoint.proxy = proxy.url
        let report = await fixture.probe(endpoint)
        #expect(report.verdict == direct.verdict)
        #expect(report.worst.negative?.outcome == direct.worst.negative?.outcome)
        #expect(report.worst.presentedChain == [fixture.server.der])
        #expect(try proxy.nextRequest().hasPrefix("CONNECT "))
    }

    @Test func `a proxy that asks for a password gets it from a file`() async throws {
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: NginxServer.Settings())
        let proxy = try ConnectProxy(user: "notafter", password: "proxy-secret")
        let directory = try TemporaryDirectory()
        try directory.write("proxy-secret\n", to: "proxy.password")
        var endpoint = fixture.endpoint(server.url())
        endpoint.proxy = proxy.url
        let refused = await fixture.probe(endpoint)
        #expect(refused.verdict != .enforced)
        #expect(refused.worst.positive.message?.contains("407") == true, "\(refused.worst.positive.message ?? "")")
        endpoint.proxyLogin = BasicLogin(
            username: "notafter",
            passwordFile: SecretFile(path: directory.path(of: "proxy.password"), key: "password_file"))
        #expect(await fixture.probe(endpoint).verdict == .enforced)
    }
}
