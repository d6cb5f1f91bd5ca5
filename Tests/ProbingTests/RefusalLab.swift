import Certificates
import Probing
import TestSupport
import Testing

/// Probes one server so often that timing-dependent refusals show.
struct RefusalLab {
    typealias Refusals = [ProbeFixture.Client: Set<ProbeOutcome>]

    static let repetitions = 40

    let fixture: ProbeFixture
    let files: TLSServerFiles
    /// A list that revokes the client `revoked`.
    let revocationList: String

    init() throws {
        fixture = try ProbeFixture()
        files = try TLSServerFiles(certificate: fixture.server, clientAuthority: fixture.authority)
        revocationList = try files.directory.write(
            fixture.authority.revocationList(revoking: [fixture.revokedSerial]), to: "crl.pem")
    }

    /// Expects that all rounds at `endpoint` have the same result: with the right certificate, with each wrong one, and
    /// without.
    ///
    /// - Parameters:
    ///   - endpoint: an endpoint with the right certificate.
    ///   - refusals: the possible outcomes for each wrong certificate. All rounds must have the same one.
    ///   - without: the outcome without a certificate.
    ///   - sourceLocation: the caller's location.
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
        // The handshake of a resumed session has no certificates.
        #expect(
            reports.allSatisfy { $0.worst.presentedChain.first == fixture.server.der }, sourceLocation: sourceLocation)
        for (client, outcomes) in refusals {
            let seen = reports.flatMap(\.worst.wrong).filter { $0.name == client.rawValue }.map(\.result.outcome)
            #expect(seen.count == Self.repetitions, sourceLocation: sourceLocation)
            #expect(Set(seen).count == 1, "\(client): \(Set(seen))", sourceLocation: sourceLocation)
            #expect(outcomes.isSuperset(of: seen), "\(client): \(Set(seen))", sourceLocation: sourceLocation)
        }
    }

    /// The same for an HTTP endpoint at `url` with one possible outcome for each refusal.
    func expect(
        _ url: String, _ refusals: [ProbeFixture.Client: ProbeOutcome], without: ProbeOutcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await expect(
            fixture.endpoint(url), refusals.mapValues { [$0] }, without: without, sourceLocation: sourceLocation)
    }

    /// Many rounds. Only a few are concurrent, since some servers have short queues.
    func rounds(at endpoint: Endpoint) async -> [ProbeReport] {
        var reports: [ProbeReport] = []
        for _ in 0..<(Self.repetitions / 4) {
            reports += await fixture.prober.probe(.init(repeating: endpoint, count: 4), at: ProbeFixture.now)
        }
        return reports
    }
}
