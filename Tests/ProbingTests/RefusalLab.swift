import Certificates
import Probing
import TestSupport
import Testing

/// Looks at one server so often that a refusal which depends on who is faster shows itself.
struct RefusalLab {
    typealias Refusals = [ProbeFixture.Client: Set<ProbeOutcome>]

    static let repetitions = 40

    let fixture: ProbeFixture
    let files: TLSServerFiles
    /// Revokes the client `revoked`.
    let revocationList: String

    init() throws {
        fixture = try ProbeFixture()
        files = try TLSServerFiles(certificate: fixture.server, clientAuthority: fixture.authority)
        revocationList = try files.directory.write(
            fixture.authority.revocationList(revoking: [fixture.revokedSerial]), to: "crl.pem")
    }

    /// Whether all rounds at `endpoint` end alike: with the right certificate, with each wrong one, and without.
    ///
    /// - Parameters:
    ///   - endpoint: with the right certificate.
    ///   - refusals: how each wrong one is refused; one of these ways, and always the same.
    ///   - without: how a client without a certificate is refused.
    ///   - sourceLocation: the caller's.
    func expect(
        _ endpoint: Endpoint, _ refusals: Refusals, without: ProbeOutcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        var endpoint = endpoint
        endpoint.wrongClientCertificates = refusals.keys.map { fixture.wrong($0) }
        let reports = await rounds(at: endpoint)
        #expect(reports.count == Self.repetitions, sourceLocation: sourceLocation)
        #expect(
            Set(reports.map(\.verdict)) == [.enforced], "\(reports.map(\.evidence))", sourceLocation: sourceLocation)
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [without], sourceLocation: sourceLocation)
        // A session that is resumed has no certificates in its handshake.
        #expect(
            reports.allSatisfy { $0.worst.presentedChain.first == fixture.server.der }, sourceLocation: sourceLocation)
        for (client, outcomes) in refusals {
            let seen = reports.flatMap(\.worst.wrong).filter { $0.name == client.rawValue }.map(\.result.outcome)
            #expect(seen.count == Self.repetitions, sourceLocation: sourceLocation)
            #expect(Set(seen).count == 1, "\(client): \(Set(seen))", sourceLocation: sourceLocation)
            #expect(outcomes.isSuperset(of: seen), "\(client): \(Set(seen))", sourceLocation: sourceLocation)
        }
    }

    /// The same for an HTTP endpoint at `url`, where each refusal has but one outcome.
    func expect(
        _ url: String, _ refusals: [ProbeFixture.Client: ProbeOutcome], without: ProbeOutcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await expect(
            fixture.endpoint(url), refusals.mapValues { [$0] }, without: without, sourceLocation: sourceLocation)
    }

    /// Many rounds; a few at once, since some servers have short queues.
    func rounds(at endpoint: Endpoint) async -> [ProbeReport] {
        var reports: [ProbeReport] = []
        for _ in 0..<(Self.repetitions / 4) {
            reports += await fixture.prober.probe(.init(repeating: endpoint, count: 4), at: ProbeFixture.now)
        }
        return reports
    }
}
