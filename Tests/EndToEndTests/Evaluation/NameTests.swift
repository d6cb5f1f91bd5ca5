import Certificates
import TestSupport
import Testing

/// A certificate without a subject has one name: its first alternative name.
struct NameTests {
    private let site: Site
    private let leaf: IssuedCertificate

    init() throws {
        site = try Site()
        leaf = try Self.certificate(of: site, daysLeft: 20)
        try site.directory.write(leaf.pem, to: "pki/a.pem")
    }

    private static func certificate(of site: Site, daysLeft: Int64) throws -> IssuedCertificate {
        var template = CertificateTemplate(.client, commonName: "", notAfter: Site.start + .days(daysLeft))
        template.subject = []
        template.alternativeNames = [.uri("spiffe://lab/api"), .dns("api.example")]
        return try site.authority.issue(template)
    }

    @Test func `every command and message calls it by its first alternative name`() async throws {
        let name = "URI:spiffe://lab/api"
        // A pass at a time in the past leaves deliveries open, but the receiver gets the message.
        try await site.scan(day: 0)
        #expect(site.ops.told == ["fleet/\(name) expiring 30d"])
        for arguments in [
            ["check", "pki"], ["list"], ["explain", name], ["deliveries", "--state", "delivered"], ["forecast"],
            ["inspect", "pki"],
        ] {
            let outcome = try await site.run(arguments + (arguments[0] == "deliveries" ? [] : Site.at(day: 0)))
            #expect(outcome.output.contains(name), "\(arguments): \(outcome.output) \(outcome.errors)")
        }
        try site.directory.write(try Self.certificate(of: site, daysLeft: 10).pem, to: "pki/a.pem")
        try await site.scan(day: 1)
        let list = try await site.run(["list"] + Site.at(day: 1)).output
        #expect(list.contains("the certificate \"\(name)\" that expires"))
    }

    @Test func `without any name it is its serial number`() async throws {
        var template = CertificateTemplate(.client, commonName: "", notAfter: Site.start + .days(20))
        template.subject = []
        template.serial = [0x7B, 0x64]
        try site.directory.write(try site.authority.issue(template).pem, to: "pki/b.pem")
        let outcome = try await site.run(["check", "pki"] + Site.at(day: 0))
        #expect(outcome.output.contains("serial 7b64"))
    }
}
