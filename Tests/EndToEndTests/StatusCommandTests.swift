import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter status`
struct StatusCommandTests {
    private struct Overview: Decodable {
        struct Receiver: Decodable {
            let name: String
            let state: String
            let open: Int
            let next_attempt_at: String?
            let last_delivery_at: String?
        }

        struct Endpoint: Decodable {
            let name: String
            let verdict: String
            let good: Bool
        }

        struct Next: Decodable {
            let at: String
            let name: String
        }

        let status: String
        let certificates: [String: Int]
        let passes: [String: String?]
        let endpoints: [Endpoint]
        let unprobed_endpoints: [String]
        let receivers: [Receiver]
        let outbox: [String: Int]
        let next: [Next]
    }

    private func overview(of site: Site, day: Int64 = 0) async throws -> Overview {
        let outcome = try await site.run(["status", "--json"] + Site.at(day: day, seconds: 60))
        return try JSONDecoder().decode(Overview.self, from: Data(outcome.output.utf8))
    }

    private func status(of site: Site, day: Int64 = 0, _ further: [String] = []) async throws
        -> NotafterProcess.Outcome
    {
        try await site.run(["status"] + Site.at(day: day, seconds: 60) + further)
    }

    @Test func `when all is well it says so, and what comes next`() async throws {
        let site = try Site()
        try site.place("later", daysLeft: 400)
        try await site.scan(day: 0)
        let outcome = try await status(of: site)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "OK - 1 certificate: 1 ok")
        #expect(lines.contains("  2027-01-15T08:00:00Z, 60 seconds ago, took 0 seconds"), "\(outcome.output)")
        #expect(lines.contains { $0.hasPrefix("  ok  ops") })
        #expect(lines.contains { $0.contains("in 369 days") && $0.contains("CN=later") }, "\(outcome.output)")
        #expect(!outcome.output.contains("needs you now"))
        #expect(try await status(of: site, ["--quiet"]).output.isEmpty)
        #expect(try await overview(of: site).next.map(\.name) == ["CN=later"])
    }

    @Test func `it names what needs somebody, and sends nothing itself`() async throws {
        let ops = try RecordingReceiver { _, _ in .answer(503) }
        let site = try Site(ops: ops, sections: "deliver_for: 0")
        try site.place("soon", daysLeft: 10)
        try await site.scan(day: 0)
        let requests = ops.requests.count
        let outcome = try await status(of: site)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("CRITICAL - 1 certificate: 1 critical; 1 delivery open"), "\(outcome.output)")
        #expect(outcome.output.contains("1 delivery open, the oldest decided 60 seconds ago"))
        #expect(outcome.output.contains("needs you now\n  critical"))
        let overview = try await overview(of: site)
        #expect(overview.status == "critical" && overview.outbox["open"] == 1)
        #expect(overview.certificates["critical"] == 1)
        #expect(overview.receivers.map(\.open) == [1])
        #expect(ops.requests.count == requests)
    }

    @Test func `an endpoint is shown from its first round on, good or bad`() async throws {
        let port = try LoopbackPort.free()
        let site = try Site(
            sections: """
                endpoints:
                  - name: gate
                    url: "https://127.0.0.1:\(port)/"
                    tls_config: { ca_file: pki/a.pem, cert_file: pki/a.pem, key_file: a.key }
                    failures_before_alert: 3
                """)
        let client = try site.place("a", daysLeft: 400)
        try site.directory.write(client.keyPEM, to: "a.key")
        try await site.scan(day: 0)
        let overview = try await overview(of: site)
        #expect(overview.endpoints.map(\.name) == ["gate"] && overview.endpoints.map(\.good) == [false])
        #expect(overview.endpoints.map(\.verdict) == ["unreachable"])
        #expect(overview.status == "warning")
        let outcome = try await status(of: site)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("1 of 1 endpoint is not as expected"), "\(outcome.output)")
        #expect(outcome.output.contains("  unreachable  gate"))
    }

    @Test func `without passes for two days nobody can rely on it, and it says so`() async throws {
        let site = try Site()
        try site.place("later", daysLeft: 400)
        try await site.scan(day: 0)
        #expect(try await status(of: site, day: 1).status == 0)
        let outcome = try await status(of: site, day: 3)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("behind  the last one without trouble was 3 days ago"), "\(outcome.output)")
    }

    @Test func `before the first pass there is nothing to show`() async throws {
        let site = try Site()
        let outcome = try await status(of: site)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("`notafter scan` makes one"))
    }
}
