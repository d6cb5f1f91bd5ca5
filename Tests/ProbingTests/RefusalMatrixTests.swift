import Certificates
import Probing
import TestSupport
import Testing

/// What servers of every make answer to clients of every kind; each refusal many times over with the same verdict.
@Suite(.serialized) struct `Refusals of real servers` {
    /// A refusal that depends on who is faster shows itself within so many.
    private static let repetitions = 40

    private let fixture: ProbeFixture
    private let files: TLSServerFiles

    init() throws {
        fixture = try ProbeFixture()
        files = try TLSServerFiles(certificate: fixture.server, clientAuthority: fixture.authority)
    }

    /// Whether all rounds at `url` end alike: with each wrong certificate in the place of the right one, and without.
    private func expect(
        _ url: String, _ outcomes: [ProbeFixture.Client: ProbeOutcome], without: ProbeOutcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let good = fixture.endpoint(url)
        var wrong = good
        wrong.wrongClientCertificates = outcomes.keys.map { fixture.wrong($0) }
        let reports = await repeated(wrong)
        #expect(reports.count == Self.repetitions, sourceLocation: sourceLocation)
        #expect(Set(reports.map(\.verdict)) == [.enforced], sourceLocation: sourceLocation)
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [without], sourceLocation: sourceLocation)
        for (client, outcome) in outcomes {
            let seen = reports.flatMap(\.worst.wrong).filter { $0.name == client.rawValue }.map(\.result.outcome)
            #expect(seen.count == Self.repetitions, sourceLocation: sourceLocation)
            #expect(Set(seen) == [outcome], "\(client)", sourceLocation: sourceLocation)
        }
    }

    /// A few at once: some servers have short queues.
    private func repeated(_ endpoint: Endpoint) async -> [ProbeReport] {
        var reports: [ProbeReport] = []
        for _ in 0..<(Self.repetitions / 4) {
            reports += await fixture.prober.probe(.init(repeating: endpoint, count: 4), at: ProbeFixture.now)
        }
        return reports
    }

    private let alerts: [ProbeFixture.Client: ProbeOutcome] = [
        .expired: .refusedCertificateExpired, .foreign: .refusedUnknownCA, .serverOnly: .refusedPurpose,
    ]

    @Test func `HAProxy refuses by alert`() async throws {
        let server = try await ForeignServer.haproxy(files)
        await expect(server.url(), alerts, without: .refusedNoCertificate)
    }

    @Test func `HAProxy with verify optional lets in whoever has nothing`() async throws {
        let server = try await ForeignServer.haproxy(files, verify: "optional")
        #expect(await fixture.probe(fixture.endpoint(server.url())).verdict == .optional)
    }

    @Test func `Apache refuses by alert where the whole host demands a certificate`() async throws {
        let server = try await ForeignServer.apache(files, perLocation: false)
        await expect(server.url(), alerts, without: .refusedNoCertificate)
    }

    @Test func `Apache that asks after the request gets its certificate then`() async throws {
        let server = try await ForeignServer.apache(files, perLocation: true)
        let reports = await repeated(fixture.endpoint(server.url("/private")))
        #expect(Set(reports.map(\.verdict)) == [.enforced])
        #expect(Set(reports.map(\.worst.positive.tlsVersion)) == ["TLSv1.3"])
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [.refusedNoCertificate])
        #expect(await fixture.probe(fixture.endpoint(server.url())).verdict == .notEnforced)
    }

    @Test func `stunnel refuses by alert`() async throws {
        let backend = try ScriptedServer(.plain(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let server = try await ForeignServer.stunnel(files, backend: backend.port)
        await expect(server.url(), alerts, without: .refusedNoCertificate)
        withExtendedLifetime(backend) {}
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `s_server refuses by alert`(version: OpenSSLServer.Version) async throws {
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version)
        await expect(server.url, alerts, without: .refusedNoCertificate)
    }

    @Test func `nginx refuses in HTTP`() async throws {
        let server = try await NginxServer(certificate: fixture.server, clientAuthority: fixture.authority)
        let pages = alerts.mapValues { _ in ProbeOutcome.refusedByNginx }
        await expect(server.url(), pages, without: .refusedNoCertificate)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server that closes at once hides nothing`(version: OpenSSLServer.Version) async throws {
        let server = try ScriptedServer(
            .abruptTLS(certificate: fixture.server, clientAuthority: fixture.authority, version: version))
        await expect("https://localhost:\(server.port)/", alerts, without: .refusedNoCertificate)
    }

    @Test func `an AWS load balancer's closed handshake is a silent refusal`() async throws {
        let server = try ScriptedServer(
            .silentTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let endpoint = fixture.endpoint("https://localhost:\(server.port)/", client: "foreign")
        let reports = await fixture.prober.probe(
            .init(repeating: endpoint, count: 5), at: ProbeFixture.now)
        #expect(Set(reports.map(\.worst.positive.outcome)).isSubset(of: [.refusedSilent, .refusedUnknownCA]))
        #expect(Set(reports.map(\.verdict)) == [.refusedOurs])
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
