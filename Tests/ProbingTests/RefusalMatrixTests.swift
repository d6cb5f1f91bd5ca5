import Certificates
import Probing
import TestSupport
import Testing

/// The responses of real servers to clients of every kind. Each refusal is repeated many times and must have the same
/// verdict.
@Suite(.serialized) struct `Refusals of real servers` {
    private let lab: RefusalLab
    private var fixture: ProbeFixture { lab.fixture }

    init() throws {
        lab = try RefusalLab()
    }

    /// The refusals by alert of OpenSSL and of servers that use it.
    private let alerts: [ProbeFixture.Client: ProbeOutcome] = [
        .expired: .refusedCertificateExpired, .notYetValid: .refusedCertificateNotYetValid,
        .foreign: .refusedUnknownCA, .selfSigned: .refusedUnknownCA, .serverOnly: .refusedPurpose,
    ]
    /// The same with a CRL.
    private var alertsWithList: [ProbeFixture.Client: ProbeOutcome] {
        alerts.merging([.revoked: .refusedRevoked]) { $1 }
    }

    @Test func `HAProxy refuses by alert`() async throws {
        let server = try await ForeignServer.haproxy(lab.files, further: "crl-file \(lab.revocationList)")
        await lab.expect(server.url(), alertsWithList, without: .refusedNoCertificate)
    }

    @Test func `HAProxy with verify optional lets in whoever has nothing`() async throws {
        let server = try await ForeignServer.haproxy(lab.files, verify: "optional")
        #expect(await fixture.probe(fixture.endpoint(server.url())).verdict == .optional)
    }

    @Test func `Apache refuses by alert where the whole host demands a certificate`() async throws {
        let server = try await ForeignServer.apache(
            lab.files, perLocation: false,
            further: "SSLCARevocationFile \(lab.revocationList)\nSSLCARevocationCheck leaf")
        await lab.expect(server.url(), alertsWithList, without: .refusedNoCertificate)
    }

    @Test func `Apache that asks after the request gets its certificate then`() async throws {
        let server = try await ForeignServer.apache(lab.files, perLocation: true)
        let reports = await lab.rounds(at: fixture.endpoint(server.url("/private")))
        #expect(Set(reports.map(\.verdict)) == [.enforced])
        #expect(Set(reports.map(\.worst.positive.tlsVersion)) == ["TLSv1.3"])
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [.refusedNoCertificate])
        #expect(await fixture.probe(fixture.endpoint(server.url())).verdict == .notEnforced)
    }

    @Test func `stunnel refuses by alert`() async throws {
        let backend = try ScriptedServer(.plain(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let server = try await ForeignServer.stunnel(lab.files, backend: backend.port)
        await lab.expect(server.url(), alerts, without: .refusedNoCertificate)
        withExtendedLifetime(backend) {}
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `s_server refuses by alert`(version: OpenSSLServer.Version) async throws {
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version,
            furtherArguments: ["-crl_check", "-CRL", lab.revocationList])
        await lab.expect(server.url, alertsWithList, without: .refusedNoCertificate)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a stale CRL refuses everybody, each time alike`(version: OpenSSLServer.Version) async throws {
        let stale = try lab.files.directory.write(
            fixture.authority.revocationList(nextUpdate: Instant(seconds: 1_609_459_200)), to: "stale.pem")
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version,
            furtherArguments: ["-crl_check", "-CRL", stale])
        let reports = await lab.rounds(at: fixture.endpoint(server.url))
        #expect(Set(reports.map(\.worst.positive.outcome)) == [.refusedServerCRLOrClock])
        #expect(Set(reports.map(\.verdict)) == [.refusedOurs])
    }

    @Test func `nginx refuses in HTTP`() async throws {
        var settings = NginxServer.Settings()
        settings.revocationListPEM = try lab.files.directory.read("crl.pem")
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        let pages = alertsWithList.mapValues { _ in ProbeOutcome.refusedByNginx }
        await lab.expect(server.url(), pages, without: .refusedNoCertificate)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server that closes at once hides nothing`(version: OpenSSLServer.Version) async throws {
        let server = try ScriptedServer(
            .abruptTLS(certificate: fixture.server, clientAuthority: fixture.authority, version: version))
        await lab.expect("https://localhost:\(server.port)/", alerts, without: .refusedNoCertificate)
    }

    @Test func `a server that closes without a word after the handshake has refused nothing`() async throws {
        let server = try ScriptedServer(
            .silentTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let reports = await lab.rounds(at: fixture.endpoint("https://localhost:\(server.port)/"))
        #expect(Set(reports.map(\.worst.positive.outcome)) == [.connectionLost])
        #expect(Set(reports.map(\.verdict)) == [.unexpectedAnswer])
    }

    @Test func `a wrong certificate that gets in is an open door`() async throws {
        var settings = NginxServer.Settings()
        settings.verification = .optionalWithoutCA
        settings.directives = "location / { if ($ssl_client_verify = NONE) { return 403; } return 200; }"
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        var endpoint = fixture.endpoint(server.url())
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        endpoint.wrongClientCertificates = [fixture.wrong(.foreign)]
        let report = await fixture.probe(endpoint)
        #expect(report.verdict == .notEnforced)
        #expect(report.worst.explanation.contains("foreign"))
    }
}
