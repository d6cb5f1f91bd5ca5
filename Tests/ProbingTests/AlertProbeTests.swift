import Certificates
import Probing
import TestSupport
import Testing
import TransportSecurity

@Suite struct `Probes of servers that refuse by alert` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func server(
        _ version: OpenSSLServer.Version, revocationListPEM: String? = nil
    ) throws -> OpenSSLServer {
        let arguments = try revocationListPEM.map {
            ["-crl_check", "-CRL", try fixture.directory.write($0, to: "crl.pem")]
        }
        return try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version,
            furtherArguments: arguments ?? [])
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `s_server enforces mTLS`(version: OpenSSLServer.Version) async throws {
        let server = try server(version)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .enforced)
        #expect(report.worst.positive.outcome == .accepted)
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        #expect(report.worst.negative?.alert == (version == .tls12 ? .handshakeFailure : .certificateRequired))
        #expect(report.worst.presentedChain.first == fixture.server.der)
    }

    @Test(
        arguments: OpenSSLServer.Version.allCases,
        [
            (ProbeFixture.Client.expired, ProbeOutcome.refusedCertificateExpired, TLSAlert.certificateExpired),
            (.notYetValid, .refusedCertificateNotYetValid, .badCertificate),
            (.foreign, .refusedUnknownCA, .unknownCA),
            (.serverOnly, .refusedPurpose, .unsupportedCertificate),
        ])
    func `the alert tells why a certificate is refused`(
        version: OpenSSLServer.Version, row: (client: ProbeFixture.Client, outcome: ProbeOutcome, alert: TLSAlert)
    ) async throws {
        let server = try server(version)
        let report = await fixture.probe(fixture.endpoint(server.url, client: row.client.rawValue))
        #expect(report.verdict == .refusedOurs)
        #expect(report.worst.positive.outcome == row.outcome)
        #expect(report.worst.positive.alert == row.alert)
    }

    @Test func `an alert that is lost behind a request is heard by listening`() async throws {
        let server = try ScriptedServer(
            .lossyTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let url = "https://localhost:\(server.port)/"
        let endpoint = fixture.endpoint(url, client: "expired", negative: .skip)
        let reports = await fixture.prober.probe(.init(repeating: endpoint, count: 40), at: ProbeFixture.now)
        #expect(Set(reports.map(\.worst.positive.outcome)) == [.refusedCertificateExpired])
        #expect(Set(reports.map(\.worst.positive.alert)) == [.certificateExpired])
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a valid certificate that is called expired points at the server's clock or CRL`(
        version: OpenSSLServer.Version
    ) async throws {
        let ahead = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version,
            furtherArguments: ["-attime", "2600000000"])
        #expect(await fixture.probe(fixture.endpoint(ahead.url)).worst.positive.outcome == .refusedServerCRLOrClock)
        let list = try fixture.authority.revocationList(nextUpdate: Instant(seconds: 1_609_459_200))
        let stale = try server(version, revocationListPEM: list)
        #expect(await fixture.probe(fixture.endpoint(stale.url)).worst.positive.outcome == .refusedServerCRLOrClock)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a revoked certificate is told`(version: OpenSSLServer.Version) async throws {
        let list = try fixture.authority.revocationList(revoking: [fixture.goodSerial])
        let server = try server(version, revocationListPEM: list)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.worst.positive.outcome == .refusedRevoked)
        #expect(report.worst.positive.alert == .certificateRevoked)
    }
}
