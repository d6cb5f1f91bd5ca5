import Probing
import TestSupport
import Testing

@Suite(.serialized) struct `Probes of MariaDB` {
    private let lab: RefusalLab
    private var fixture: ProbeFixture { lab.fixture }

    init() throws {
        lab = try RefusalLab()
    }

    private func server(_ statements: String, revocationList: String? = nil) throws -> MariaDBServer {
        try MariaDBServer(
            certificate: fixture.server, clientAuthority: fixture.authority, statements: statements,
            revocationList: revocationList)
    }

    @Test func `REQUIRE X509 lets in the right certificate and no other, each time alike`() async throws {
        let server = try server(
            "CREATE USER probe@'%' REQUIRE X509;\n",
            revocationList: fixture.authority.revocationList(revoking: [fixture.revokedSerial]))
        let refusals: RefusalLab.Refusals = [
            .expired: [.refusedCertificateExpired], .notYetValid: [.refusedCertificateNotYetValid],
            .foreign: [.refusedUnknownCA], .selfSigned: [.refusedUnknownCA], .serverOnly: [.refusedPurpose],
            .revoked: [.refusedRevoked],
        ]
        await lab.expect(fixture.endpoint(server.url(user: "probe")), refusals, without: .refusedByDatabase)
        let report = await fixture.probe(fixture.endpoint(server.url(user: "probe")))
        #expect(report.worst.presentedChain.first == fixture.server.der)
        #expect(report.worst.positive.peerAddress == "127.0.0.1")
    }

    @Test func `what users may do is told apart`() async throws {
        let server = try server(
            """
            CREATE USER open@'%';
            CREATE USER other@'%' REQUIRE SUBJECT '/CN=somebody else';
            CREATE USER fitting@'%' REQUIRE SUBJECT '/CN=good';
            CREATE USER password@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x') REQUIRE X509;

            """)
        func report(_ user: String?) async -> ProbeReport {
            await fixture.probe(fixture.endpoint(server.url(user: user)))
        }
        #expect(await report("open").verdict == .optional)
        #expect(await report("fitting").verdict == .enforced)
        for user in ["other", "nobody-knows-me"] {
            let refused = await report(user)
            #expect(refused.verdict == .refusedOurs)
            #expect(refused.worst.positive.message?.hasPrefix("MySQL says: Access denied for user") == true)
        }
        let closed = await report("password")
        #expect(closed.worst.positive.outcome != .accepted)
        #expect(closed.worst.negative?.outcome != .accepted)
    }

    @Test func `without a user a handshake that nobody refuses proves nothing`() async throws {
        let server = try server("")
        let report = await fixture.probe(fixture.endpoint(server.url(user: nil)))
        #expect(report.worst.positive.outcome == .accepted)
        #expect(report.verdict == .inconclusive)
        #expect(report.worst.negative?.message?.contains("name a user") == true)
    }
}
