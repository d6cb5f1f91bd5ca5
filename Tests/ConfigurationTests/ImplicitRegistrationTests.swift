import Certificates
import Configuration
import ExpiryRules
import TestSupport
import Testing

/// notafter's own client certificates are watched like all others.
@Suite struct ImplicitRegistrationTests {
    private static func tls(_ name: String) -> String {
        "tls_config: { cert_file: own/\(name).pem, key_file: own/\(name).key }"
    }

    @Test func `the client certificates of receivers, heartbeat and URL sources are registered`() throws {
        let settings = try Scratch().load(
            """
            defaults: { thresholds: [60d] }
            certificates:
              - name: bundle
                role: ca
                url: https://pki.example.com/ca.pem
                owner: platform
                labels: { team: edge }
                thresholds: [90d]
                \(Self.tls("bundle"))
            receivers:
              - { name: ops, webhook: { url: "https://h.example.com/", \(Self.tls("ops")) } }
              - { name: mail, email: { server: "m.example.com:25", from: a@b.example, to: [c@d.example], \(Self.tls("mail")) } }
              - { name: again, webhook: { url: "https://g.example.com/", \(Self.tls("ops")) } }
            heartbeat: { url: "https://hc.example.com/x", \(Self.tls("heartbeat")) }
            route: { receivers: [ops] }
            """)
        let implicit = settings.registrations.dropFirst()
        #expect(
            Array(implicit) == [
                Registration(
                    name: "bundle/client", role: .client, owner: "platform", labels: ["team": "edge"],
                    thresholds: [.span(.days(90))]),
                Registration(name: "ops/client", role: .client, thresholds: [.span(.days(60))]),
                Registration(name: "mail/client", role: .client, thresholds: [.span(.days(60))]),
                Registration(name: "heartbeat/client", role: .client, thresholds: [.span(.days(60))]),
            ])
        #expect(settings.sources.map(\.registration) == implicit.map(\.name))
    }

    @Test func `a receiver that is named like an endpoint has a registration of its own`() throws {
        let settings = try Scratch().load(
            """
            endpoints: [{ name: ops, url: "https://e.example.com/", \(Self.tls("endpoint")) }]
            receivers: [{ name: ops, webhook: { url: "https://h.example.com/", \(Self.tls("receiver")) } }]
            route: { receivers: [ops] }
            """)
        #expect(settings.registrations.map(\.name) == ["ops", "ops/client", "receiver/ops/client"])
    }

    @Test func `a file below a registered directory is not watched twice`() throws {
        let settings = try Scratch().load(
            """
            certificates: [{ name: mine, role: client, paths: [own] }]
            receivers: [{ name: ops, webhook: { url: "https://h.example.com/", \(Self.tls("receiver")) } }]
            route: { receivers: [ops] }
            """)
        #expect(settings.registrations.map(\.name) == ["mine"])
    }

    static let validities: [(from: Int64, to: Int64, finding: String?)] = [
        (-10, 10, nil),
        (-10, -1, "expired 3:61: receivers[0].webhook.tls_config: the client certificate expired 2027-01-14T08:00:00Z"),
        (1, 10, "notYetValid 3:61: receivers[0].webhook.tls_config: the client certificate is not valid before"),
    ]

    @Test(arguments: validities)
    func `an expired client certificate of a receiver is found before its server refuses it`(
        from: Int64, to: Int64, finding: String?
    ) throws {
        let now = Instant(seconds: 1_800_000_000)
        let scratch = try Scratch()
        let client = try TestPKI.authority("Hook CA").issue(
            .client, commonName: "notafter", notBefore: now + .days(from), notAfter: now + .days(to))
        try scratch.write(client.pem.utf8, to: "client.pem")
        try scratch.write(client.keyPEM.utf8, to: "client.key")
        let settings = try scratch.load(
            """
            certificates: [{ name: a, role: ca, paths: [a.pem] }]
            receivers:
              - { name: ops, webhook: { url: "https://h.example.com/", tls_config: { cert_file: client.pem, key_file: client.key } } }
            route: { receivers: [ops] }
            """)
        let findings = scratch.fileFindings(settings, at: now)
        #expect(findings.count == (finding == nil ? 0 : 1))
        #expect(
            findings.first?.contains(finding?.split(separator: ": ", maxSplits: 1).last ?? "") ?? true, "\(findings)")
    }
}
