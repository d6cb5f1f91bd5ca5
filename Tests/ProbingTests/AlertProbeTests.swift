import Probing
import TestSupport
import Testing

@Suite struct `Probes of servers that refuse by alert` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func server(_ version: OpenSSLServer.Version) throws -> OpenSSLServer {
        try OpenSSLServer(certificate: fixture.server, clientAuthority: fixture.authority, version: version)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `s_server enforces mTLS`(version: OpenSSLServer.Version) async throws {
        let server = try server(version)
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.verdict == .enforced)
        #expect(report.positive.outcome == .accepted)
        #expect(report.negative?.outcome == .refusedNoCertificate)
        #expect(report.negative?.alert == (version == .tls12 ? .handshakeFailure : .certificateRequired))
        #expect(report.presentedChain.first == fixture.server.der)
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
        #expect(report.verdict == .refused)
        #expect(report.positive.outcome == row.outcome)
        #expect(report.positive.alert == row.alert)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server that closes at once does not hide its reason`(version: OpenSSLServer.Version) async throws {
        let server = try ScriptedServer(
            .abruptTLS(certificate: fixture.server, clientAuthority: fixture.authority, version: version))
        let url = "https://localhost:\(server.port)/"
        for _ in 0..<20 {
            let report = await fixture.probe(fixture.endpoint(url, client: "expired"))
            #expect(report.positive.outcome == .refusedCertificateExpired)
            #expect(report.negative?.outcome == .refusedNoCertificate)
        }
        #expect(await fixture.probe(fixture.endpoint(url)).verdict == .enforced)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `twenty refusals of s_server tell their reason`(version: OpenSSLServer.Version) async throws {
        let server = try server(version)
        for _ in 0..<20 {
            let report = await fixture.probe(fixture.endpoint(server.url, client: "expired"))
            #expect(report.positive.outcome == .refusedCertificateExpired)
            #expect(report.negative?.outcome == .refusedNoCertificate)
        }
    }

    @Test func `a valid certificate that is called expired points at the server`() async throws {
        // The server's clock runs ahead of the certificate's end.
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: .tls13,
            furtherArguments: ["-attime", "2600000000"])
        let report = await fixture.probe(fixture.endpoint(server.url))
        #expect(report.positive.outcome == .refusedServerCRLOrClock)
    }

    @Test func `a server that asks and then closes without a word refuses silently`() async throws {
        let server = try ScriptedServer(
            .silentTLS(certificate: fixture.server, clientAuthority: fixture.authority))
        let report = await fixture.probe(fixture.endpoint("https://localhost:\(server.port)/"))
        #expect(report.verdict == .refused)
        #expect(report.positive.outcome == .refusedSilent)
    }
}
