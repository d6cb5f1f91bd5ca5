import Certificates
import Probing
import TestSupport
import Testing

@Suite(.serialized) struct `Probes of PostgreSQL` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func server(_ lines: String) async throws -> PostgreSQLServer {
        try await PostgreSQLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, hostBasedAuthentication: lines)
    }

    @Test func `clientcert=verify-full lets in the right name and nobody else`() async throws {
        let server = try await server("hostssl all all 127.0.0.1/32 trust clientcert=verify-full\n")
        // The certificate's Common Name is "good".
        var endpoint = fixture.endpoint(server.url(user: "good"))
        endpoint.wrongClientCertificates = [fixture.wrong(.expired), fixture.wrong(.foreign)]
        let report = await fixture.probe(endpoint)
        // The role does not exist, which is found out after the certificate was verified.
        #expect(report.worst.positive.outcome == .unmetExpectation)
        #expect(
            report.worst.positive.message
                == "PostgreSQL says: role \"good\" does not exist; create the role, or name another user in the URL")
        #expect(report.verdict == .unexpectedAnswer)
        #expect(report.worst.negative?.outcome == .refusedNoCertificate)
        #expect(report.worst.wrong.map(\.result.outcome) == [.refusedCertificateExpired, .refusedUnknownCA])
        let other = await fixture.probe(fixture.endpoint(server.url(user: "postgres")))
        #expect(other.worst.positive.outcome == .refusedPolicy, "\(other.worst.positive)")
        #expect(other.verdict == .refusedOurs)
    }

    @Test func `clientcert=verify-ca is enforced, each time alike`() async throws {
        let server = try await server("hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n")
        let endpoint = fixture.endpoint(server.url(user: "postgres"))
        let reports = await fixture.prober.probe(.init(repeating: endpoint, count: 40), at: ProbeFixture.now)
        #expect(Set(reports.map(\.verdict)) == [.enforced], "\(reports.map(\.evidence))")
        #expect(Set(reports.map(\.worst.negative?.outcome)) == [.refusedNoCertificate])
        #expect(reports[0].worst.presentedChain.first == fixture.server.der)
        #expect(reports[0].worst.positive.peerAddress == "127.0.0.1")
    }

    @Test func `a role that does not exist is not let in, and hides no open door`() async throws {
        let closed = try await server("hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n")
        let report = await fixture.probe(fixture.endpoint(closed.url(user: "nobody")))
        #expect(report.verdict == .unexpectedAnswer, "\(report.evidence)")
        #expect(report.evidence.contains("role \"nobody\" does not exist"))
        let open = try await server("hostssl all all 127.0.0.1/32 trust\n")
        #expect(await fixture.probe(fixture.endpoint(open.url(user: "nobody"))).verdict == .optional)
    }

    @Test func `without clientcert anybody gets as far as the password`() async throws {
        let server = try await server("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        let report = await fixture.probe(fixture.endpoint(server.url(user: "postgres")))
        #expect(report.verdict == .optional, "\(report.evidence)")
    }
}
