import Foundation
import TestSupport
import Testing

/// `notafter observe`: what an edge logs is registered, listed and notified.
struct ObserveCommandTests {
    private static let sections = "observed: { forget_after: 30d, owner: partner-desk }"

    private struct Observed: Decodable {
        struct Unreadable: Decodable, Equatable {
            let reason: String
            let count: Int
        }

        let edge: String
        let lines: Int
        let uses: Int
        let newCertificates: Int
        let notAccepted: Int
        let unreadable: [Unreadable]
    }

    private struct Listing: Decodable {
        struct Item: Decodable, Equatable {
            let subject: String
            let location: String
            let registration: String
            let lastUsed: String?
            let publicKey: String
        }

        let certificates: [Item]
    }

    private static func decoded<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(text.utf8))
    }

    /// A line as nginx writes it.
    private static func line(_ certificate: IssuedCertificate, host: String = "api.example.com") -> String {
        let escaped = certificate.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return """
            {"time":"\(Site.start)","host":"\(host)","ssl_client_verify":"SUCCESS","ssl_client_escaped_cert":"\(escaped)"}

            """
    }

    private func observe(_ site: Site, day: Int64 = 0, _ further: [String]) async throws -> NotafterProcess.Outcome {
        try await site.run(
            ["observe", "--edge", "edge-1", "--json", "--state", site.ledger.path] + Site.at(day: day) + further)
    }

    @Test func `a partner's certificate that nobody registered is listed and notified by its use`() async throws {
        let site = try Site(sections: Self.sections)
        let log = try site.directory.write(
            Self.line(try site.certificate("partner", daysLeft: 20)) + "no JSON\n", to: "edge.log")
        let outcome = try await observe(site, ["--log", log])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("line 2 is no JSON object: no JSON"))
        let observed: Observed = try Self.decoded(outcome.output)
        #expect(observed.edge == "edge-1" && observed.uses == 1 && observed.newCertificates == 1)
        #expect(observed.unreadable == [.init(reason: "not_json", count: 1)])

        try await site.scan(day: 0)
        let message = try #require(try site.ops.messages.first { $0.subject.contains("partner") })
        #expect(message.type == "certificate.expiring" && message.stage == "30d")

        let listing: Listing = try Self.decoded(
            try await site.run(["list", "--json"] + Site.at(day: 0)).output)
        let item = try #require(listing.certificates.first { $0.subject == "CN=partner" })
        #expect(item.location == "observed at edge-1 for api.example.com" && item.registration == "observed")
        #expect(item.lastUsed == "\(Site.start)" && item.publicKey == "EC P-256")
        let text = try await site.run(["explain", "CN=partner"] + Site.at(day: 0)).output
        #expect(text.contains("observed at edge-1 for api.example.com (observed)"), "\(text)")

        #expect(try Self.decoded(try await observe(site, ["--log", log]).output, as: Observed.self).lines == 0)
    }

    @Test func `connection logs from standard input are watched by subject and notAfter, and forgotten without a use`()
        async throws
    {
        let site = try Site(sections: Self.sections)
        let log = try site.directory.write(
            """
            2027-01-15T08:00:00.1Z 203.0.113.1 3628 443 TLSv1.3 TLS_AES_128_GCM_SHA256 4.0 "CN=alb,O=Partner" \
            NotBefore=2026-01-01T00:00:00Z;NotAfter=2027-03-01T00:00:00Z FEF2 Success TID_1

            """, to: "connections.log")
        let outcome = try await site.run(
            [
                "observe", "--format", "alb", "--edge", "eu-lb", "--json", "--state", site.ledger.path, "--log", log,
            ] + Site.at(day: 0))
        #expect(outcome.status == 0, "\(outcome.errors)")
        try await site.scan(day: 0)
        let listing: Listing = try Self.decoded(
            try await site.run(["list", "--json"] + Site.at(day: 0)).output)
        #expect(
            listing.certificates == [
                .init(
                    subject: "CN=alb,O=Partner", location: "observed at eu-lb", registration: "observed",
                    lastUsed: "\(Site.start)", publicKey: "not reported")
            ])
        try await site.scan(day: 31)
        let later: Listing = try Self.decoded(
            try await site.run(["list", "--json"] + Site.at(day: 31)).output)
        #expect(later.certificates.isEmpty)
        #expect(try !site.ops.messages.contains { $0.subject.contains("alb") })
    }

    @Test(arguments: [
        (["--follow"], "--follow needs --log"), (["--format", "nginx"], "--format nginx needs --log-format"),
        (["--log-format", "$request"], "neither $ssl_client_escaped_cert nor"),
        (["--format", "alb", "--log-format", "x"], "--log-format is for --format nginx"),
    ])
    func `options that do not fit are refused with what is missing`(options: [String], reason: String) async throws {
        let site = try Site(sections: Self.sections)
        let outcome = try await site.run(["observe"] + options)
        #expect(outcome.status == 64 && outcome.errors.contains(reason), "\(outcome.errors)")
    }

    @Test func `without observed in the configuration nothing is registered, and that is said`() async throws {
        let site = try Site()
        let log = try site.directory.write(Self.line(try site.certificate("partner", daysLeft: 20)), to: "edge.log")
        let outcome = try await observe(site, ["--log", log])
        #expect(outcome.status == 3 && outcome.errors.contains("has no `observed`"), "\(outcome.errors)")
    }

    @Test func `a log of which no line can be read, or that is missing, is a failure`() async throws {
        let site = try Site(sections: Self.sections)
        let log = try site.directory.write("a\nb\n", to: "edge.log")
        #expect(try await observe(site, ["--log", log]).status == 1)
        let outcome = try await observe(site, ["--log", site.directory.path(of: "missing.log")])
        #expect(outcome.status == 1 && outcome.errors.contains("missing.log: cannot be read: No such file"))
    }
}
