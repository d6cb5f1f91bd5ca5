import Certificates
import CurlBinding
import Probing
import TestSupport
import Testing

/// Go's server, and edges that are emulated with it. Each refusal is repeated many times and must have the same
/// verdict.
@Suite(.serialized) struct `Refusals of Go and of edges` {
    private let lab: RefusalLab
    private var fixture: ProbeFixture { lab.fixture }

    init() throws {
        lab = try RefusalLab()
    }

    private func server(
        _ behaviour: GoServer.Behaviour, version: OpenSSLServer.Version = .tls13
    ) throws -> GoServer {
        try GoServer(
            behaviour, version: version, certificate: fixture.server, clientAuthority: fixture.authority)
    }

    /// Before 1.21 Go had one alert, bad_certificate, for every reason except a notBefore in the future.
    private static let alerts: RefusalLab.Refusals = [
        .expired: [.refusedBadCertificate, .refusedCertificateExpired],
        .notYetValid: [.refusedCertificateNotYetValid],
        .foreign: [.refusedBadCertificate, .refusedUnknownCA],
        .selfSigned: [.refusedBadCertificate, .refusedUnknownCA],
        .serverOnly: [.refusedBadCertificate],
    ]

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `Go refuses by alerts of its own`(version: OpenSSLServer.Version) async throws {
        let server = try server(.requiring, version: version)
        await lab.expect(fixture.endpoint(server.url()), Self.alerts, without: .refusedNoCertificate)
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.worst.positive.httpVersion == "HTTP/2")
        #expect(report.worst.positive.tlsVersion == (version == .tls12 ? "TLSv1.2" : "TLSv1.3"))
    }

    @Test func `Go that verifies what it is given lets in whoever has nothing`() async throws {
        let server = try server(.verifyingIfGiven)
        var endpoint = fixture.endpoint(server.url())
        endpoint.wrongClientCertificates = [fixture.wrong(.foreign)]
        let reports = await lab.rounds(at: endpoint)
        #expect(Set(reports.map(\.verdict)) == [.optional])
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [.accepted])
        #expect(reports.flatMap(\.worst.wrong).allSatisfy { $0.result.outcome.kind == .refused })
    }

    @Test func `Cloudflare refuses with its page, and proves by cookie and fingerprint whom it let in`() async throws {
        let server = try server(.cloudflare)
        var endpoint = fixture.endpoint(server.url())
        endpoint.expectation.cookies = ["CF_Authorization"]
        endpoint.expectation.bodyTexts = ["cert_fingerprint_sha256={{client.fingerprint_sha256}}"]
        endpoint.expectation.httpVersion = .http2
        let wrong: [ProbeFixture.Client] = [.expired, .notYetValid, .foreign, .selfSigned, .serverOnly]
        let refusals = wrong.map { ($0, Set([ProbeOutcome.refusedByCloudflare])) }
        await lab.expect(endpoint, .init(uniqueKeysWithValues: refusals), without: .refusedNoCertificate)
        let stranger = await fixture.probe(fixture.endpoint(server.url(), client: "foreign"))
        #expect(stranger.verdict == .refusedOurs)
        #expect(stranger.worst.positive.rayID == "8f1d2c3b4a5e6f70-FRA")
        endpoint.expectation.bodyTexts = ["cert_fingerprint_sha256={{client.fingerprint_sha1}}"]
        #expect(await fixture.probe(endpoint).worst.positive.outcome == .unmetExpectation)
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `an AWS load balancer's closed handshake is a silent refusal`(version: OpenSSLServer.Version) async throws {
        let server = try server(.loadBalancerVerifying, version: version)
        let wrong: [ProbeFixture.Client] = [.expired, .notYetValid, .foreign, .selfSigned, .serverOnly]
        let refusals = wrong.map { ($0, ProbeOutcome.refusedSilent) }
        await lab.expect(server.url(), .init(uniqueKeysWithValues: refusals), without: .refusedSilent)
        let stranger = await fixture.probe(fixture.endpoint(server.url(), client: "foreign"))
        #expect(stranger.verdict == .refusedOurs)
        #expect(stranger.worst.explanation.contains("tls_verify_status"))
    }

    @Test func `what an AWS load balancer forwards is echoed, and proves which certificate arrived`() async throws {
        let server = try server(.loadBalancerPassingThrough)
        var endpoint = fixture.endpoint(server.url())
        endpoint.expectation.bodyTexts = ["X-Amzn-Mtls-Clientcert: {{client.pem_percent_encoded}}%0A"]
        let wrong: [ProbeFixture.Client] = [.expired, .foreign, .selfSigned]
        let refusals = wrong.map { ($0, Set([ProbeOutcome.refusedStatus])) }
        await lab.expect(endpoint, .init(uniqueKeysWithValues: refusals), without: .refusedStatus)
        endpoint.expectation.bodyTexts = ["X-Amzn-Mtls-Clientcert: {{client.pem_percent_encoded}}%0A%0A"]
        #expect(await fixture.probe(endpoint).verdict == .unexpectedAnswer)
    }
}
