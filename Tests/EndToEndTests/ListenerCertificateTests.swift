import Certificates
import Foundation
import TestSupport
import Testing

/// The certificate of the listener, as notafter watches it and as `healthcheck` meets it.
struct ListenerCertificateTests {
    private static let sections = """
        listen:
          address: 0.0.0.0:0
          token_file: token
          tls: { certificate: tls.pem, key: tls.key, client_ca: clients.pem }
        """

    private static func site(notAfter: Instant) throws -> Site {
        let site = try Site(sections: sections)
        let certificate = try site.authority.issue(
            .server, commonName: "status", notAfter: notAfter, alternativeNames: [.dns("status.example.com")])
        try site.directory.write("s3cret\n", to: "token")
        try site.directory.write(certificate.pem, to: "tls.pem")
        try site.directory.write(certificate.keyPEM, to: "tls.key")
        try site.directory.write(site.authority.pem, to: "clients.pem")
        return site
    }

    @Test func `the certificate and the client CAs are watched like any other`() async throws {
        let site = try Self.site(notAfter: Site.start + .days(5))
        try site.place("later", daysLeft: 900)
        let outcome = try await site.scan(day: 0)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(site.ops.told == ["listen/server/CN=status expiring 14d"])
        let list = try await site.run(["list", "--json"] + Site.at(day: 0)).output
        #expect(list.contains("\"listen/client_ca\""))
    }

    @Test(arguments: [Site.start + .days(500), TestPKI.defaultNotBefore + .days(30)])
    func `healthcheck knows the certificate by its file, whatever its date`(notAfter: Instant) async throws {
        let site = try Self.site(notAfter: notAfter)
        let served = try await ServedSite(site)
        // A port from the kernel is not in the configuration.
        let file = try site.directory.read("notafter.yaml")
        try site.directory.write(file.replacing("0.0.0.0:0", with: served.address), to: "notafter.yaml")
        let healthy = try await site.run(["healthcheck"])
        #expect(healthy.status == 0, "\(healthy.errors)")
        let other = try site.authority.issue(
            .server, commonName: "status", alternativeNames: [.dns("status.example.com")])
        try site.directory.write(other.pem, to: "other.pem")
        try site.directory.write(
            file.replacing("0.0.0.0:0", with: served.address).replacing("tls.pem", with: "other.pem"),
            to: "notafter.yaml")
        let stranger = try await site.run(["healthcheck"])
        #expect(stranger.status == 1 && stranger.errors.contains("does not answer"), "\(stranger.errors)")
        #expect(try await served.end().status == 0)
    }
}
