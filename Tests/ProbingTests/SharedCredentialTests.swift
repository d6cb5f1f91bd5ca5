import Certificates
import Probing
import Synchronization
import TestSupport
import Testing
import TransportSecurity

@Suite struct `Credentials of many endpoints` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func files(_ client: String = "good") -> TLSFiles {
        fixture.endpoint("https://localhost/", client: client).tls
    }

    @Test func `what has not changed is parsed once, in however many rounds it is read`() async throws {
        let store = CredentialStore()
        let first = try await store.credentials(for: files())
        for _ in 0..<5 {
            let again = try await store.credentials(for: files())
            #expect(again.trust === first.trust)
            #expect(again.client?.identity === first.client?.identity)
        }
        try fixture.directory.write(fixture.authority.pem + TestPKI.authority("Another CA").pem, to: "ca.pem")
        let changed = try await store.credentials(for: files())
        #expect(changed.trust !== first.trust)
        #expect(changed.anchors.certificates.count == 2)
        #expect(changed.client?.identity === first.client?.identity)
    }

    @Test func `a round reads each file once, and the next one sees what has changed meanwhile`() async throws {
        let store = CredentialStore()
        let round = CredentialRound()
        let before = try await store.credentials(for: files(), in: round)
        try fixture.write(.good, as: "good")
        try fixture.directory.write(TestPKI.authority("Another CA").pem, to: "ca.pem")
        let same = try await store.credentials(for: files(), in: round)
        #expect(same.client?.identity === before.client?.identity)
        // Another certificate with the same CA file.
        #expect(try await store.credentials(for: files("expired"), in: round).trust === before.trust)
        let next = try await store.credentials(for: files(), in: CredentialRound())
        #expect(next.client?.identity !== before.client?.identity)
        #expect(next.trust !== before.trust)
    }

    @Test func `a file that cannot be used is at fault for the whole round`() async throws {
        let store = CredentialStore()
        let round = CredentialRound()
        await #expect(throws: CredentialError.self) { try await store.credentials(for: files("late"), in: round) }
        try fixture.write(.good, as: "late")
        await #expect(throws: CredentialError.self) { try await store.credentials(for: files("late"), in: round) }
        #expect(try await store.credentials(for: files("late")).client != nil)
    }

    @Test func `the outlook is found once for each client certificate of a round`() async throws {
        let server = try await NginxServer(certificate: fixture.server, clientAuthority: fixture.authority)
        let found = Mutex(0)
        let memo = RoundMemo { client, anchors, now in
            found.withLock { $0 += 1 }
            return try ClientOutlook(of: client, anchors: anchors, at: now)
        }
        for path in ["/a", "/b", "/c"] {
            for client in ["good", "expired"] {
                let endpoint = fixture.endpoint(server.url(path), client: client)
                let report = await fixture.prober.probe(endpoint, at: ProbeFixture.now, sharing: memo)
                #expect(report.refuted.contains(.clientOutlivesIssuer))
            }
        }
        #expect(found.withLock { $0 } == 2)
    }
}
