import Certificates
import Probing
import TestSupport
import Testing

@Suite struct `Failures that are no refusal` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    @Test func `a closed port is unreachable`() async throws {
        let port = try LoopbackPort.free()
        let report = await fixture.probe(fixture.endpoint("https://localhost:\(port)/"))
        #expect(report.verdict == .unreachable)
        #expect(report.worst.positive.outcome == .connectFailed)
        #expect(report.worst.negative?.outcome == .connectFailed)
    }

    @Test func `a name that does not resolve is unreachable`() async throws {
        let report = await fixture.probe(fixture.endpoint("https://no-such-host.invalid/"))
        #expect(report.verdict == .unreachable)
        #expect(report.worst.positive.outcome == .nameLookupFailed)
    }

    @Test func `a server that says nothing is unreachable`() async throws {
        let server = try ScriptedServer(.mute)
        let url = "https://localhost:\(server.port)/"
        let report = await fixture.probe(fixture.endpoint(url, timeoutMilliseconds: 200))
        #expect(report.verdict == .timeout)
        #expect(report.worst.positive.outcome == .timedOut)
    }

    @Test func `a round that is called off leaves no report`() async throws {
        let server = try ScriptedServer(.mute)
        let endpoint = fixture.endpoint("https://localhost:\(server.port)/")
        let prober = fixture.prober
        let round = Task { await prober.probe([endpoint, endpoint], at: ProbeFixture.now) }
        round.cancel()
        #expect(await round.value.isEmpty)
    }

    @Test func `a round that is called off before its second look makes no further probe`() async throws {
        let server = try ScriptedServer(.silentTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let endpoint = fixture.endpoint("https://localhost:\(server.port)/")
        let transfers = CountingTransfers(fixture.loop)
        // The pause is longer than the test may take.
        let prober = Prober(loop: transfers, pauses: [.seconds(86_400), .seconds(86_400)])
        let round = Task { await prober.probe([endpoint], at: ProbeFixture.now) }
        // Both probes, and after each the connection that only listens.
        try await waitUntil("both probes met silence") { transfers.finished == 4 }
        round.cancel()
        #expect(await round.value.isEmpty)
        #expect(transfers.begun == 4)
    }

    @Test func `a second look that is called off leaves no report`() async throws {
        let server = try ScriptedServer(.silentTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let endpoint = fixture.endpoint("https://localhost:\(server.port)/")
        let transfers = CountingTransfers(fixture.loop, holdsAfter: 4)
        let prober = Prober(loop: transfers, pauses: [.zero])
        let round = Task { await prober.probe([endpoint], at: ProbeFixture.now) }
        try await waitUntil("the second look has begun") { transfers.begun == 5 }
        round.cancel()
        #expect(await round.value.isEmpty)
        #expect(transfers.begun == 5)
    }

    @Test(arguments: ["http://localhost/", "localhost", "https://"])
    func `a URL that cannot be probed is our own fault`(url: String) async throws {
        let report = await fixture.probe(fixture.endpoint(url))
        #expect(report.verdict == .misconfigured)
        #expect(report.worst.positive.outcome == .urlUnusable)
    }

    @Test(arguments: ["http", "ws"])
    func `who writes a scheme without TLS is told which one has it`(scheme: String) async throws {
        let report = await fixture.probe(fixture.endpoint("\(scheme)://localhost/"))
        #expect(report.worst.positive.outcome == .urlUnusable)
        #expect(report.worst.positive.message?.hasSuffix("write \(scheme)s://") == true)
    }

    @Test func `a port that speaks plain HTTP is not TLS`() async throws {
        let server = try ScriptedServer(.plain(answer: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
        let report = await fixture.probe(fixture.endpoint("https://localhost:\(server.port)/"))
        #expect(report.verdict == .notTLS)
        #expect(report.worst.positive.outcome == .notTLS)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server certificate of another CA is untrusted`(version: OpenSSLServer.Version) async throws {
        let stranger = try ProbeFixture.serverCertificate(of: TestPKI.authority("Stranger"))
        let server = try OpenSSLServer(
            certificate: stranger, clientAuthority: fixture.authority, version: version)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .serverCertificateUntrusted)
        #expect(report.worst.positive.outcome == .serverCertificateUntrusted)
        #expect(report.worst.presentedChain.first == stranger.der)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `an expired server certificate is told from an expired client certificate`(
        version: OpenSSLServer.Version
    ) async throws {
        let expired = try ProbeFixture.serverCertificate(
            of: fixture.authority, notAfter: Instant(seconds: 1_609_459_200))
        let server = try OpenSSLServer(
            certificate: expired, clientAuthority: fixture.authority, version: version)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .serverCertificateExpired)
        #expect(report.worst.positive.outcome == .serverCertificateExpired)
        #expect(report.worst.presentedChain.first == expired.der)
    }

    @Test func `a server certificate for another name is a mismatch`() async throws {
        let other = try ProbeFixture.serverCertificate(of: fixture.authority, names: [.dns("other.example")])
        let server = try OpenSSLServer(certificate: other, clientAuthority: fixture.authority, version: .tls13)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .serverCertificateHostnameMismatch)
        #expect(report.worst.positive.outcome == .serverHostnameMismatch)
    }

    @Test func `no common ground in TLS is no refusal`() async throws {
        // A cipher for RSA with an EC key: no cipher is usable.
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: .tls12,
            furtherArguments: ["-cipher", "ECDHE-RSA-AES128-GCM-SHA256"])
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .handshakeFailed)
        #expect(report.worst.positive.outcome == .handshakeFailed)
        #expect(report.worst.negative?.outcome == .handshakeFailed)
    }
}
