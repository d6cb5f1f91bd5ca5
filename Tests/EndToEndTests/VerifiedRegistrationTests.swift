import Certificates
import TestSupport
import Testing

/// Registered certificates are verified with the CA that is registered as their issuer, and with its revocation list.
struct VerifiedRegistrationTests {
    private let site: Site
    private let authority: TestAuthority

    /// A CA that expires in 100 days, and two clients whose certificates expire later.
    init() throws {
        site = try Site()
        authority = try TestPKI.authority("Partner CA", notAfter: Site.start + .days(100))
        try site.directory.write(authority.certificate.pem, to: "ca.pem")
        for (name, serial) in [("a", UInt8(0x11)), ("b", UInt8(0x12))] {
            var template = CertificateTemplate(.client, commonName: name, notAfter: Site.start + .days(300))
            template.serial = [serial]
            try site.directory.write(try authority.issue(template).pem, to: "pki/\(name).pem")
        }
        try publish(revoking: [], from: Site.start, until: Site.start + .days(300))
        try site.directory.write(
            """
            certificates:
              - { name: partner-ca, role: ca, paths: [ca.pem] }
              - { name: fleet, role: client, paths: [pki], issuer: partner-ca, checks_revocation: true }
            revocation_lists:
              - { name: partner-crl, paths: [ca.crl], issuer: partner-ca }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
    }

    private func publish(revoking serials: [[UInt8]], from thisUpdate: Instant, until nextUpdate: Instant) throws {
        let list = try authority.revocationList(revoking: serials, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
        try site.directory.write(list, to: "ca.crl")
    }

    private func findings(day: Int64) async throws -> [String] {
        let listing = try await site.run(["list", "--json"] + Site.at(day: day)).output
        return FindingCode.allCases.map(\.rawValue).filter { listing.contains("\"code\" : \"\($0)\"") }
    }

    /// The notices, except those that the clients outlive their CA, which is always true here.
    private var told: [String] {
        site.ops.told.filter { !$0.hasPrefix("fleet finding") }.sorted()
    }

    @Test func `a client is told when its CA ends, and the CA's notice says what falls with it`() async throws {
        try await site.scan(day: 0)
        #expect(told == [])
        #expect(try await findings(day: 0) == ["outlives_issuer"])

        try await site.scan(day: 71)
        #expect(
            told == [
                "fleet/CN=a expiring 30d", "fleet/CN=b expiring 30d", "partner-ca/CN=Partner CA expiring 30d",
            ])
        let texts = site.ops.requests.map(\.text)
        #expect(texts.contains { $0.contains(#""effective_because":{"#) && $0.contains("CN=a") })
        #expect(texts.contains { $0.contains(#""dependents":{"certificates":2,"endpoints":[]}"#) })

        // The renewed CA has the same name and key, so its certificates are valid again.
        let renewed = try authority.renewed(notAfter: Site.start + .days(3_000))
        try site.directory.write(renewed.certificate.pem, to: "ca.pem")
        try await site.scan(day: 72)
        #expect(told.filter { $0.hasSuffix("renewed") }.count == 3)
        #expect(try await findings(day: 72) == [])
    }

    @Test func `a revoked client is found, and a list is told before it is stale and once it is`() async throws {
        try await site.scan(day: 0)
        try publish(revoking: [[0x12]], from: Site.start + .days(1), until: Site.start + .days(9))
        try await site.scan(day: 1)
        #expect(try await findings(day: 1) == ["revoked", "outlives_issuer"])

        try await site.scan(day: 7)
        #expect(told == ["partner-crl/CN=Partner CA expiring"])
        try await site.scan(day: 10)
        #expect(told == ["partner-crl/CN=Partner CA expired", "partner-crl/CN=Partner CA expiring"])
        #expect(try await findings(day: 10).contains("revocation_list_not_current"))

        try publish(revoking: [[0x12]], from: Site.start + .days(10), until: Site.start + .days(300))
        try await site.scan(day: 11)
        #expect(told.contains("partner-crl/CN=Partner CA renewed"))
        #expect(try await findings(day: 11) == ["revoked", "outlives_issuer"])
    }

    @Test func `the old CA of a bundle is silent once its successor does its work`() async throws {
        let successor = try authority.renewed(notAfter: Site.start + .days(3_000))
        try site.directory.write(authority.certificate.pem + successor.certificate.pem, to: "ca.pem")
        try await site.scan(day: 0)
        try await site.scan(day: 90)
        #expect(told == [])
    }

    @Test func `a certificate of another CA, and a list of another, are found`() async throws {
        let stranger = try TestPKI.authority("Stranger")
        try site.directory.write(try stranger.issue(.client, commonName: "x").pem, to: "pki/x.pem")
        try site.directory.write(try stranger.revocationList(), to: "ca.crl")
        try await site.scan(day: 0)
        let found = try await findings(day: 0)
        #expect(Set(found).isSuperset(of: ["issuer_unknown", "list_signature_invalid"]))
    }
}
