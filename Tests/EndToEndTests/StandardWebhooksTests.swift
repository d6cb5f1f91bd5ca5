import Certificates
import Foundation
import TestSupport
import Testing

/// Receivers that verify messages with the official library of Standard Webhooks.
struct StandardWebhooksTests {
    private let site: Site
    private let receiver: StandardWebhooksReceiver

    init() throws {
        site = try Site()
        receiver = try StandardWebhooksReceiver(secret: Site.signingSecret)
        // The library accepts messages that were signed within five minutes, so these passes use the real time.
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        let certificate = try site.authority.issue(.client, commonName: "a", notAfter: now + .days(10))
        try site.directory.write(certificate.pem, to: "pki/a.pem")
    }

    private func configure(secrets: [String]) throws {
        try site.directory.write(secrets.joined(separator: "\n") + "\n", to: "hook.secret")
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            receivers: [{ name: hook, webhook: { url: "\(receiver.url)", secret_file: hook.secret } }]
            route: { receivers: [hook] }

            """, to: "notafter.yaml")
    }

    static let secrets: [[String]] = [
        [Site.signingSecret], [StandardWebhooksTests.other, Site.signingSecret],
        [Site.signingSecret, StandardWebhooksTests.other],
    ]
    private static let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test(arguments: secrets)
    func `the official library verifies a notice, also while its secret is rotated`(secrets: [String]) async throws {
        try configure(secrets: secrets)
        let scan = try await site.run(["scan"])
        #expect(scan.status == 0, "\(scan.errors)")
        #expect(try receiver.nextVerdict() == "verified certificate.expiring")
        #expect(try await site.run(["test-notify", "hook"]).status == 0)
        #expect(try receiver.nextVerdict() == "verified test")
    }

    @Test func `the official library refuses what is signed with another secret, and the scan says so`() async throws {
        try configure(secrets: [Self.other])
        #expect(try await site.run(["scan"]).status == 2)
        #expect(try receiver.nextVerdict().hasPrefix("refused "))
    }
}
