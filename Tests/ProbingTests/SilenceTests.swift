import Certificates
import Probing
import TestSupport
import Testing

/// A silently closed connection proves a refusal only if nothing else can have caused it.
@Suite(.serialized) struct `Silence of a server` {
    private let fixture: ProbeFixture
    private let files: TLSServerFiles

    init() throws {
        fixture = try ProbeFixture()
        files = try TLSServerFiles(certificate: fixture.server, clientAuthority: fixture.authority)
    }

    /// HAProxy that serves one connection of a client at a time and closes all others silently.
    private func oneAtATime(verify: String) async throws -> ForeignServer {
        try await ForeignServer.haproxy(
            files, verify: verify,
            rules: """
                stick-table type ip size 1k expire 10s store conn_cur
                tcp-request session track-sc0 src
                tcp-request session reject if { sc0_conn_cur gt 1 }
                """)
    }

    @Test func `a limit on connections never makes an open server look enforced`() async throws {
        let server = try await oneAtATime(verify: "optional")
        var verdicts: Set<Verdict> = []
        for _ in 0..<20 {
            verdicts.insert(await fixture.probe(fixture.endpoint(server.url())).verdict)
        }
        #expect(verdicts == [.optional])
    }

    @Test func `a server of one connection at a time is found out, and enforced is still seen`() async throws {
        let server = try await oneAtATime(verify: "required")
        var endpoint = fixture.endpoint(server.url())
        endpoint.wrongClientCertificates = [fixture.wrong(.foreign), fixture.wrong(.expired)]
        for _ in 0..<10 {
            let report = await fixture.probe(endpoint)
            #expect(report.verdict == .enforced, "\(report.evidence)")
            #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        }
    }

    @Test func `an endpoint that is said to be sequential is never asked twice at once`() async throws {
        let server = try await oneAtATime(verify: "optional")
        var endpoint = fixture.endpoint(server.url())
        endpoint.isSequential = true
        let strict = Prober(loop: fixture.loop, pauses: [.milliseconds(20)])
        for _ in 0..<10 {
            #expect(await strict.probe(endpoint, at: ProbeFixture.now).verdict == .optional)
        }
    }

    @Test func `a limit that never leaves room proves nothing`() async throws {
        // The first connection is served, all later ones are closed.
        let server = try await ForeignServer.haproxy(
            files, verify: "optional",
            rules: """
                stick-table type ip size 1k expire 1h store conn_cnt
                tcp-request session track-sc0 src
                tcp-request session reject if { sc0_conn_cnt gt 1 }
                """)
        var endpoint = fixture.endpoint(server.url())
        endpoint.isSequential = true
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .accepted, "\(report.evidence)")
        #expect(report.worst.negative?.outcome == .closedSilently, "\(report.evidence)")
        #expect(report.verdict == .inconclusive)
        #expect(report.worst.explanation.contains("sequential: true"))
    }

    @Test func `a silence that the probe meets alone between two good ones is a refusal`() async throws {
        var settings = NginxServer.Settings()
        settings.verification = .optional
        settings.directives = "location / { if ($ssl_client_verify != SUCCESS) { return 444; } return 200; }"
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.verdict == .enforced, "\(report.evidence)")
        #expect(report.worst.negative?.outcome == .refusedSilent)
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `silence after TLS has let us in is no refusal of our certificate`(version: String) async throws {
        var settings = NginxServer.Settings()
        settings.protocols = version
        settings.directives = "location / { return 444; }"
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.worst.positive.outcome == .connectionLost, "\(report.evidence)")
        #expect(report.verdict == .unexpectedAnswer)
    }

    @Test func `our own expired certificate is said first where a server closes without a word`() async throws {
        let server = try GoServer(
            .loadBalancerVerifying, version: .tls13, certificate: fixture.server, clientAuthority: fixture.authority)
        let report = await fixture.probe(fixture.endpoint(server.url(), client: "expired"))
        #expect(report.worst.positive.outcome == .refusedSilent)
        #expect(
            report.worst.explanation.hasPrefix(
                "The endpoint refuses our client certificate. The client certificate has expired "
                    + "(notAfter 2021-01-01T00:00:00Z): renew it first."))
    }

    @Test func `our own expired certificate is said first behind a page of one's own`() async throws {
        var settings = NginxServer.Settings()
        settings.directives = """
            error_page 495 496 =403 @refused;
            location / { return 200; }
            location @refused { return 403 "Zugang verweigert"; }
            """
        let server = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        let report = await fixture.probe(fixture.endpoint(server.url(), client: "expired"))
        #expect(report.worst.positive.outcome == .refusedStatus)
        #expect(report.worst.explanation.contains("certificate. The client certificate has expired"))
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a key that cannot sign what the server takes is named as the cause`(version: OpenSSLServer.Version)
        async throws
    {
        let server = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: version,
            furtherArguments: ["-client_sigalgs", "RSA-PSS+SHA256:RSA+SHA256"])
        var endpoint = fixture.endpoint(server.url)
        let report = await fixture.probe(endpoint)
        #expect(report.worst.positive.outcome == .refusedKeyCannotSign, "\(report.evidence)")
        #expect(report.worst.positive.message?.contains("rsa_pss_rsae_sha256, rsa_pkcs1_sha256") == true)
        #expect(report.verdict == .refusedOurs)
        endpoint.withoutClientCertificate = .skip
        #expect(!(await fixture.probe(endpoint).worst.explanation.contains("though one was shown")))
    }
}
