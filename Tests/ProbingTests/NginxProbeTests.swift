import Certificates
import CurlBinding
import Probing
import TestSupport
import Testing

@Suite struct `Probes of nginx` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func nginx(_ change: (inout NginxServer.Settings) -> Void = { _ in }) async throws -> NginxServer {
        var settings = NginxServer.Settings()
        change(&settings)
        return try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `mTLS that is on is enforced`(version: String) async throws {
        let server = try await nginx { $0.protocols = version }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .enforced)
        #expect(report.worst.positive.outcome == .accepted)
        #expect(report.worst.positive.status == 200)
        #expect(report.worst.positive.tlsVersion == version)
        #expect(report.worst.positive.httpVersion == "HTTP/2")
        #expect(report.worst.positive.peerAddress == "127.0.0.1")
        #expect(report.worst.positive.message == nil)
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        #expect(report.worst.negative?.status == 400)
        #expect(report.worst.presentedChain == [fixture.server.der])
        #expect(report.worst.clientCertificateRequested)
        #expect(report.worst.issuerListing == .listed)
    }

    @Test(
        arguments: ["TLSv1.2", "TLSv1.3"],
        [ProbeFixture.Client.expired, .notYetValid, .foreign, .serverOnly])
    func `a certificate that nginx does not take is refused`(
        version: String, client: ProbeFixture.Client
    ) async throws {
        let server = try await nginx { $0.protocols = version }
        let report = await fixture.probe(fixture.endpoint(server.url(), client: client.rawValue))
        #expect(report.verdict == .refusedOurs)
        #expect(report.worst.positive.outcome == .refusedByNginx)
        #expect(report.worst.positive.status == 400)
        #expect(report.worst.positive.tlsVersion == version)
        #expect(report.worst.issuerListing == (client == .foreign ? .missing : .listed))
    }

    @Test(arguments: [NginxServer.ClientVerification.optional, .optionalWithoutCA, .off])
    func `mTLS that is optional is not enforced`(verification: NginxServer.ClientVerification) async throws {
        let server = try await nginx { $0.verification = verification }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == (verification == .off ? .notEnforced : .optional))
        #expect(report.worst.negative?.outcome == .accepted)
        #expect(report.worst.clientCertificateRequested == (verification != .off))
    }

    @Test func `any success without a certificate is an open door`() async throws {
        let server = try await nginx {
            $0.verification = .optional
            $0.directives = "location / { if ($ssl_client_verify = NONE) { return 204; } return 200; }"
        }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .optional)
        #expect(report.worst.negative?.status == 204)
    }

    @Test func `the negative probe can be turned off`() async throws {
        let server = try await nginx { $0.verification = .optional }
        let report = await fixture.probe(fixture.endpoint(server.url(), negative: .skip))
        #expect(report.verdict == .accepted)
        #expect(report.worst.negative == nil)
    }

    @Test func `without a client certificate there is nothing to leave out`() async throws {
        let server = try await nginx { $0.verification = .off }
        let report = await fixture.probe(fixture.endpoint(server.url(), client: nil))
        #expect(report.verdict == .accepted)
        #expect(report.worst.negative == nil)
    }

    @Test func `a refusal under another status is recognised by nginx's text`() async throws {
        let server = try await nginx {
            $0.directives = #"""
                location / { return 200 "let in\n"; }
                error_page 496 =404 /no-certificate;
                location = /no-certificate { return 404 "No required SSL certificate was sent"; }
                """#
        }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .enforced)
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        #expect(report.worst.negative?.status == 404)
    }

    @Test func `a refusal rewritten to a bare 403 still counts beside a positive probe`() async throws {
        let server = try await nginx {
            $0.directives = #"""
                location / { return 200 "let in\n"; }
                error_page 495 496 =403 @refused;
                location @refused { return 403 "go away"; }
                """#
        }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .enforced)
        #expect(report.worst.negative?.outcome == .refusedStatus)
    }

    @Test func `an unexpected answer is no refusal`() async throws {
        let server = try await nginx { $0.directives = "location / { return 503; }" }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .unexpectedAnswer)
        #expect(report.worst.positive.outcome == .unexpectedStatus)
    }

    @Test func `an expired certificate is refused even after a good one on the same prober`() async throws {
        let server = try await nginx()
        let endpoint = fixture.endpoint(server.url(), client: "rotating")
        try fixture.write(.good, as: "rotating")
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        try fixture.write(.expired, as: "rotating")
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .refusedByNginx)
        try fixture.write(.good, as: "rotating")
        #expect(await fixture.probe(endpoint).verdict == .enforced)
    }

    @Test func `a CA file that was replaced is seen by the next probe`() async throws {
        let server = try await nginx()
        try fixture.directory.write(fixture.authority.pem, to: "rotating-ca.pem")
        let endpoint = fixture.endpoint(server.url(), ca: "rotating-ca.pem")
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        try fixture.directory.write(TestPKI.authority("Next CA").pem, to: "rotating-ca.pem")
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .serverCertificateUntrusted, "\(report.worst.positive)")
    }

    @Test(arguments: [Transfer.HTTPVersion.http1, .preferHTTP2])
    func `the server name replaces the host in TLS alone`(version: Transfer.HTTPVersion) async throws {
        let server = try await nginx {
            $0.verification = .off
            $0.directives = #"location / { return 200 "$ssl_server_name $http_host $uri"; }"#
        }
        let result = await fixture.loop.perform(
            Transfer(
                url: server.url("/health", host: "127.0.0.1"), httpVersion: version,
                trust: .file(fixture.directory.path(of: "ca.pem")), serverName: "localhost"))
        #expect(String(decoding: result.body, as: UTF8.self) == "localhost 127.0.0.1:\(server.port) /health")
    }

    @Test func `an address that the certificate lacks can be probed by server name`() async throws {
        let server = try await nginx()
        let url = server.url(host: "127.0.0.1")
        #expect(await fixture.probe(fixture.endpoint(url)).worst.positive.outcome == .serverHostnameMismatch)
        #expect(await fixture.probe(fixture.endpoint(url, serverName: "localhost")).verdict == .enforced)
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `a stale CRL locks out a good client`(version: String) async throws {
        let stale = try fixture.authority.revocationList(nextUpdate: Instant(seconds: 1_609_459_200))
        let fresh = try fixture.authority.revocationList()
        let locked = try await nginx {
            $0.protocols = version
            $0.revocationListPEM = stale
        }
        #expect(await fixture.probe(fixture.endpoint(locked.url())).worst.positive.outcome == .refusedByNginx)
        let open = try await nginx {
            $0.protocols = version
            $0.revocationListPEM = fresh
        }
        #expect(await fixture.probe(fixture.endpoint(open.url())).verdict == .enforced)
    }

    @Test func `hundreds of endpoints are probed at once, and reported in order`() async throws {
        let server = try await nginx()
        let endpoints = (0..<300).map { fixture.endpoint(server.url("/\($0)")) }
        let reports = await fixture.prober.probe(endpoints, at: ProbeFixture.now)
        #expect(reports.map(\.url) == endpoints.map(\.url))
        #expect(reports.allSatisfy { $0.verdict == .enforced })
    }
}
