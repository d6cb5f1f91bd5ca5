import Certificates
import Probing
import TestSupport
import Testing

@Suite struct `Foresight` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func nginx(
        _ certificate: IssuedCertificate, chain: String = "", clientAuthority: TestAuthority? = nil,
        _ change: (inout NginxServer.Settings) -> Void = { _ in }
    ) async throws -> NginxServer {
        var settings = NginxServer.Settings()
        settings.chainPEM = chain
        change(&settings)
        return try await NginxServer(
            certificate: certificate, clientAuthority: clientAuthority ?? fixture.authority, settings: settings)
    }

    @Test func `all that can be judged of a good endpoint is refuted`() async throws {
        let server = try await nginx(fixture.server)
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.predictedFindings.isEmpty)
        #expect(
            report.refuted == [
                .issuerNotAccepted, .clientOutlivesIssuer, .expiredAccepted, .servedChainIncomplete,
                .expiredCertificateServed,
            ])
    }

    @Test func `what was not seen is neither foreseen nor refuted`() async throws {
        let report = await fixture.probe(fixture.endpoint("https://localhost:\(try LoopbackPort.free())/"))
        #expect(report.predictedFindings.isEmpty)
        #expect(report.refuted == [.clientOutlivesIssuer])
    }

    @Test func `a CA that the server no longer names is told while we are still let in`() async throws {
        let other = try TestPKI.authority("Next CA")
        let server = try await nginx(fixture.server, clientAuthority: other) { $0.verification = .optionalWithoutCA }
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.worst.positive.outcome == .accepted)
        #expect(report.predictedFindings.map(\.code) == [.issuerNotAccepted])
    }

    @Test func `a chain without its intermediate is told though we know that intermediate`() async throws {
        let intermediate = try fixture.authority.intermediate("Intermediate")
        let leaf = try ProbeFixture.serverCertificate(of: intermediate)
        try fixture.directory.write(intermediate.pem + fixture.authority.pem, to: "both.pem")
        try fixture.directory.write(intermediate.pem, to: "intermediate.pem")
        let bare = try await nginx(leaf)
        let whole = try await nginx(leaf, chain: intermediate.pem)
        let report = await fixture.probe(fixture.endpoint(bare.url(), ca: "intermediate.pem"))
        #expect(report.worst.positive.outcome == .accepted)
        #expect(report.predictedFindings.map(\.code) == [.servedChainIncomplete])
        #expect(report.predictedFindings.first?.message.contains("CN=Intermediate") == true)
        #expect(await fixture.probe(fixture.endpoint(whole.url(), ca: "both.pem")).predictedFindings.isEmpty)
    }

    @Test func `an expired certificate in the chain is told`() async throws {
        let old = try fixture.authority.intermediate("Old cross", notAfter: Instant(seconds: 1_609_459_200))
        let server = try await nginx(fixture.server, chain: old.pem)
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(report.predictedFindings.map(\.code) == [.expiredCertificateServed])
        #expect(report.predictedFindings.first?.message.contains("has expired") == true)
    }

    @Test func `what the verified path can do without is not watched, and is where nothing was verified`() async throws
    {
        let spare = try fixture.authority.intermediate("Old cross", notAfter: Instant(seconds: 1_609_459_200))
        let server = try await nginx(fixture.server, chain: spare.pem)
        let round = await fixture.probe(fixture.endpoint(server.url())).worst
        #expect(round.presentedChain == [fixture.server.der, spare.certificate.der])
        #expect(round.verifiedPaths.allSatisfy { $0 == [fixture.server.der, fixture.authority.certificate.der] })
        #expect(round.verifiedPaths.count == 2)
        #expect(round.neededChain == [fixture.server.der])
        let stranger = await fixture.probe(fixture.endpoint(server.url(), ca: "foreign.pem")).worst
        #expect(stranger.verdict == .serverCertificateUntrusted)
        #expect(stranger.neededChain == round.presentedChain)
    }

    @Test func `a server that takes our expired certificate is told, and is over when it refuses it`() async throws {
        let files = try TLSServerFiles(certificate: fixture.server, clientAuthority: fixture.authority)
        let careless = try await ForeignServer.haproxy(files, further: "crt-ignore-err all ca-ignore-err all")
        let report = await fixture.probe(fixture.endpoint(careless.url(), client: "expired"))
        #expect(report.worst.positive.outcome == .accepted)
        let predictedFinding = try #require(report.predictedFindings.first { $0.code == .expiredAccepted })
        #expect(predictedFinding.message.contains("CN=expired"))
        #expect(predictedFinding.message.contains("2021-01-01T00:00:00Z"))
        let careful = try await nginx(fixture.server)
        let refused = await fixture.probe(fixture.endpoint(careful.url(), client: "expired"))
        #expect(refused.verdict == .refusedOurs)
        #expect(refused.refuted.contains(.expiredAccepted))
    }

    @Test func `a client certificate that outlives its CA is told, whether the CA lies beside it or is trusted`()
        async throws
    {
        let end = Instant(seconds: 1_900_000_000)
        let short = try fixture.authority.intermediate("Short CA", notAfter: end)
        let client = try short.issue(.client, commonName: "late")
        let server = try await nginx(fixture.server)
        try fixture.directory.write(client.pem + short.pem, to: "late.pem")
        try fixture.directory.write(client.keyPEM, to: "late.key")
        let report = await fixture.probe(fixture.endpoint(server.url(), client: "late"))
        #expect(report.verdict == .enforced)
        #expect(report.predictedFindings.map(\.code) == [.clientOutlivesIssuer])
        #expect(report.predictedFindings.first?.message.contains("its CA CN=Short CA at \(end)") == true)
        // A renewal of the CA with its name and key resolves it.
        let renewed = try short.crossSigned(by: fixture.authority, notAfter: TestPKI.defaultNotAfter)
        try fixture.directory.write(fixture.authority.pem + renewed.pem, to: "renewed.pem")
        let cured = await fixture.probe(fixture.endpoint(server.url(), client: "late", ca: "renewed.pem"))
        #expect(cured.refuted.contains(.clientOutlivesIssuer))
    }

    @Test func `of a CA that is nowhere at hand nothing is foreseen`() async throws {
        let server = try await nginx(fixture.server)
        let report = await fixture.probe(fixture.endpoint(server.url(), client: "foreign"))
        #expect(!report.refuted.contains(.clientOutlivesIssuer))
        #expect(!report.predictedFindings.contains { $0.code == .clientOutlivesIssuer })
    }

    @Test func `a file that is not what is served is told, with which of them is newer`() async throws {
        let server = try await nginx(fixture.server)
        var endpoint = fixture.endpoint(server.url())
        endpoint.servedCertificateFile = try fixture.directory.write(fixture.server.pem, to: "served.pem")
        #expect(await fixture.probe(endpoint).refuted.contains(.servedCertificateDiffers))
        let renewed = try fixture.authority.issue(
            .server, commonName: "server", notBefore: Instant(seconds: 1_700_000_000),
            alternativeNames: [.dns("localhost")])
        try fixture.directory.write(renewed.pem, to: "served.pem")
        let report = await fixture.probe(endpoint)
        #expect(report.predictedFindings.map(\.code) == [.servedCertificateDiffers])
        #expect(report.predictedFindings.first?.message.hasSuffix("not reloaded") == true)
        let early = try fixture.authority.issue(
            .server, commonName: "server", notBefore: Instant(seconds: 1_500_000_000),
            alternativeNames: [.dns("localhost")])
        try fixture.directory.write(early.pem, to: "served.pem")
        let newer = try await nginx(renewed)
        endpoint.url = newer.url()
        #expect(
            await fixture.probe(endpoint).predictedFindings.first?.message.hasSuffix("is not what is served") == true)
        try fixture.directory.remove("served.pem")
        let unseen = await fixture.probe(endpoint)
        #expect(unseen.predictedFindings.isEmpty && !unseen.refuted.contains(.servedCertificateDiffers))
    }
}
