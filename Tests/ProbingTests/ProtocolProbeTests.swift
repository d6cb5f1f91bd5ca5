import Certificates
import CurlBinding
import Probing
import TestSupport
import Testing

@Suite struct `Probes beside HTTPS` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `plain TLS is enforced by the handshake alone`(version: OpenSSLServer.Version) async throws {
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version)
        var endpoint = fixture.endpoint("tls://localhost:\(server.port)")
        endpoint.wrongClientCertificates = [fixture.wrong(.expired)]
        let report = await fixture.probe(endpoint)
        #expect(report.verdict == .enforced, "\(report.evidence)")
        #expect(report.worst.wrong.map(\.result.outcome) == [.refusedCertificateExpired])
        #expect(report.worst.positive.status == nil)
    }

    @Test(arguments: ["smtp", "imap", "pop3", "ftp", "ldap", "mysql"])
    func `a protocol that begins TLS by its own words is probed like any other`(scheme: String) async throws {
        let server = try ScriptedServer(
            .startTLS(scheme, certificate: fixture.server, clientAuthority: fixture.authority))
        let url = "\(scheme)://localhost:\(server.port)"
        let report = await fixture.probe(fixture.endpoint(url))
        #expect(report.verdict == .enforced, "\(report.evidence)")
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        #expect(report.worst.positive.peerAddress == "127.0.0.1")
        #expect(report.worst.presentedChain.first == fixture.server.der)
        let expired = await fixture.probe(fixture.endpoint(url, client: "expired"))
        #expect(expired.worst.positive.outcome == .refusedCertificateExpired)
        let untrusting = fixture.endpoint(url, ca: "foreign.pem")
        #expect(await fixture.probe(untrusting).verdict == .serverCertificateUntrusted)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: ["smtp", "imap", "pop3", "ftp", "ldap", "mysql", "postgresql"])
    func `a server that speaks something else is no refusal`(scheme: String) async throws {
        let server = try ScriptedServer(.greeting("HTTP/1.1 400 Bad Request\r\n\r\n"))
        let report = await fixture.probe(fixture.endpoint("\(scheme)://localhost:\(server.port)"))
        #expect(report.verdict == .unexpectedAnswer, "\(report.evidence)")
        #expect(report.worst.positive.outcome == .protocolMismatch)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: ["smtp", "postgresql"])
    func `a server that stays silent is a timeout`(scheme: String) async throws {
        let server = try ScriptedServer(.mute)
        let endpoint = fixture.endpoint("\(scheme)://localhost:\(server.port)", timeoutMilliseconds: 300)
        #expect(await fixture.probe(endpoint).verdict == .timeout)
        withExtendedLifetime(server) {}
    }

    @Test func `a closed port is unreachable whatever is spoken there`() async throws {
        let port = try LoopbackPort.free()
        for scheme in ["tls", "smtp", "postgresql", "wss"] {
            let report = await fixture.probe(fixture.endpoint("\(scheme)://localhost:\(port)"))
            #expect(report.verdict == .unreachable, "\(scheme): \(report.evidence)")
        }
    }
}

@Suite struct `Probes of WebSockets` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    /// nginx in front of an upstream that speaks WebSocket without TLS.
    private func proxy(_ upstream: ScriptedServer, directives: String) async throws -> NginxServer {
        var settings = NginxServer.Settings()
        settings.directives = """
            location / { proxy_pass http://127.0.0.1:\(upstream.port); \(directives) }
            """
        return try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
    }

    private static let passing = """
        proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
        """

    private func endpoint(_ server: NginxServer) -> Endpoint {
        var endpoint = fixture.endpoint("wss://localhost:\(server.port)/socket")
        endpoint.expectation.statuses = [101]
        return endpoint
    }

    @Test func `an upgrade behind a proxy that passes it on is let in, and answers a ping`() async throws {
        let upstream = try ScriptedServer(.webSocket)
        let server = try await proxy(upstream, directives: Self.passing)
        var endpoint = endpoint(server)
        let report = await fixture.probe(endpoint)
        #expect(report.verdict == .enforced, "\(report.evidence)")
        #expect(report.worst.positive.status == 101)
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        endpoint.expectation.expectsPong = true
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        withExtendedLifetime(upstream) {}
    }

    @Test func `a proxy that drops the upgrade is named`() async throws {
        let upstream = try ScriptedServer(.webSocket)
        let server = try await proxy(upstream, directives: "")
        let report = await fixture.probe(endpoint(server))
        #expect(report.worst.positive.outcome == .upgradeLost, "\(report.evidence)")
        #expect(report.worst.explanation.contains("proxy_set_header"))
        withExtendedLifetime(upstream) {}
    }

    @Test func `a proxy that drops the upgrade is named where no client certificate is asked for or configured`()
        async throws
    {
        let upstream = try ScriptedServer(.webSocket)
        var settings = NginxServer.Settings()
        settings.verification = .off
        settings.directives = "location / { proxy_pass http://127.0.0.1:\(upstream.port); }"
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        var endpoint = fixture.endpoint("wss://localhost:\(server.port)/echo", client: nil, negative: .skip)
        endpoint.expectation.statuses = [101]
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .upgradeLost, "\(report.evidence)")
        #expect(report.worst.explanation.contains("proxy_set_header"))
        #expect(!report.worst.explanation.contains("cert_file"))
        withExtendedLifetime(upstream) {}
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\nSec-Websocket-Version: 13", "Bad Request", ProbeOutcome.upgradeLost),
        ("HTTP/1.1 400 Bad Request", "Can \"Upgrade\" only to \"WebSocket\".", .upgradeLost),
        ("HTTP/1.1 426 Upgrade Required", "", .upgradeLost), ("HTTP/1.1 200 OK", "a page", .upgradeLost),
        ("HTTP/1.1 400 Bad Request", "missing subprotocol", .unexpectedStatus),
        ("HTTP/1.1 404 Not Found", "upgrade", .unexpectedStatus),
    ])
    func `a proxy is blamed only where the server saw no upgrade`(
        row: (head: String, body: String, outcome: ProbeOutcome)
    ) async throws {
        let server = try ScriptedServer(
            .answeringTLS(
                certificate: fixture.server,
                answer: "\(row.head)\r\nContent-Length: \(row.body.utf8.count)\r\n\r\n\(row.body)"))
        var endpoint = fixture.endpoint("wss://localhost:\(server.port)/", client: nil, negative: .skip)
        endpoint.expectation.statuses = [101]
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == row.outcome, "\(report.evidence)")
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [
        ("subprotocol", "it speaks the subprotocol chat, which was not asked for"),
        ("extension", "it uses the extension permessage-deflate, which was not asked for"),
    ])
    func `what was not asked for breaks the upgrade`(row: (flaw: String, message: String)) async throws {
        let upstream = try ScriptedServer(.presumptuousWebSocket(row.flaw))
        let server = try await proxy(upstream, directives: Self.passing)
        var endpoint = endpoint(server)
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .upgradeBroken, "\(report.evidence)")
        #expect(report.worst.positive.message == row.message)
        endpoint.request.headers = [
            HeaderField("Sec-WebSocket-Protocol", "soap, chat"),
            HeaderField("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
        ]
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        withExtendedLifetime(upstream) {}
    }

    @Test func `an upgrade without a certificate is an open door, whatever comes after it`() async throws {
        let upstream = try ScriptedServer(.deafWebSocket)
        var settings = NginxServer.Settings()
        settings.verification = .optional
        settings.directives = "location / { proxy_pass http://127.0.0.1:\(upstream.port); \(Self.passing) }"
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        var endpoint = endpoint(server)
        endpoint.expectation.expectsPong = true
        endpoint.timeoutMilliseconds = 500
        #expect(await fixture.probe(endpoint).verdict == .optional)
        withExtendedLifetime(upstream) {}
    }

    @Test func `an answer to somebody else's key is no upgrade`() async throws {
        let upstream = try ScriptedServer(.forgedWebSocket)
        let server = try await proxy(upstream, directives: Self.passing)
        let report = await fixture.probe(endpoint(server))
        #expect(report.worst.positive.outcome == .upgradeBroken, "\(report.evidence)")
        withExtendedLifetime(upstream) {}
    }

    @Test func `a socket that answers no ping is not what was expected`() async throws {
        let upstream = try ScriptedServer(.deafWebSocket)
        let server = try await proxy(upstream, directives: Self.passing)
        var endpoint = endpoint(server)
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        endpoint.expectation.expectsPong = true
        endpoint.timeoutMilliseconds = 500
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .unmetExpectation)
        #expect(report.worst.positive.message == "no pong came after the upgrade")
        withExtendedLifetime(upstream) {}
    }
}
