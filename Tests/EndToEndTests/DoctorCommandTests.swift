import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter doctor`: what would go wrong.
struct DoctorCommandTests {
    private struct Report: Decodable {
        struct Check: Decodable {
            let name: String
            let state: String
            let message: String
            let next: String?
        }

        let status: String
        let checks: [Check]

        func check(_ name: String) -> Check? { checks.first { $0.name == name } }
    }

    /// A site in which nothing is wrong, but that the tests run as root.
    private func site(ops: RecordingReceiver? = nil, sections: String = "") throws -> Site {
        let site = try Site(ops: ops, sections: sections)
        try site.place("fine", daysLeft: 400)
        try #require(chmod(site.directory.path(of: "ops.secret"), 0o600) == 0)
        return site
    }

    private func report(of site: Site, _ arguments: [String] = []) async throws -> (Report, Int32) {
        let outcome = try await site.run(["doctor", "--json"] + arguments)
        return (try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)), outcome.status)
    }

    @Test func `when all is well every line is ok, and the receiver gets no message`() async throws {
        let site = try site()
        #expect(try await site.run(["scan"]).status == 0)
        let outcome = try await site.run(["doctor"])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        let bad = lines.dropLast().filter { !$0.hasPrefix("  ok  ") }
        // The user is a warning where the tests run as root, with the command to run below it.
        #expect(
            getuid() == 0 ? bad.allSatisfy { $0.contains("root") || $0.contains("sudo -u") } : bad.isEmpty, "\(bad)")
        #expect(outcome.status == (getuid() == 0 ? 1 : 0))
        for name in ["libraries", "descriptors", "clock", "configuration", "files", "ledger", "space", "receivers.ops"]
        {
            #expect(
                lines.contains { $0.firstMatch(of: /^  ok +([\w.]+)/).map { String($0.1) } == name },
                "\(name): \(outcome.output)")
        }
        #expect(outcome.output.contains("reached at 127.0.0.1; no message was sent"))
        #expect(lines.last?.hasSuffix(getuid() == 0 ? "8 ok, 1 warning" : "9 ok") == true, "\(outcome.output)")
        #expect(site.ops.requests.isEmpty)
    }

    @Test func `each trouble is a line with its next step`() async throws {
        let port = try LoopbackPort.free()
        let site = try site(
            sections: """
                endpoints:
                  - name: api
                    url: https://127.0.0.1:\(port)/
                    tls_config: { cert_file: a.pem, key_file: b.key }
                """)
        let (one, other) = (try site.certificate("a", daysLeft: 400), try site.certificate("b", daysLeft: 400))
        try site.directory.write(one.pem, to: "a.pem")
        try site.directory.write(other.keyPEM, to: "b.key")
        try #require(chmod(site.directory.path(of: "b.key"), 0o600) == 0)
        try #require(chmod(site.directory.path(of: "ops.secret"), 0o644) == 0)
        try site.directory.write("no ledger", to: "notafter.db")
        let (report, status) = try await report(of: site)
        #expect(status == 2 && report.status == "critical")
        let secret = try #require(report.check("receivers[0].webhook.secret_file"), "\(report)")
        #expect(secret.state == "warning" && secret.next?.contains("chmod 600") == true)
        let pair = try #require(report.checks.first { $0.name.hasPrefix("endpoints[0].tls_config") }, "\(report)")
        #expect(pair.state == "failure" && pair.next != nil)
        let ledger = try #require(report.check("ledger"))
        #expect(ledger.state == "failure" && ledger.next?.contains("backup") == true, "\(ledger)")
    }

    @Test func `a receiver that cannot be reached is a failure`() async throws {
        let port = try LoopbackPort.free()
        let site = try site()
        let text = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        try site.directory.write(
            text.replacing(site.ops.url, with: "http://127.0.0.1:\(port)/"), to: "notafter.yaml")
        let (report, status) = try await report(of: site)
        #expect(status == 2)
        let receiver = try #require(report.check("receivers.ops"))
        #expect(receiver.state == "failure" && receiver.message.hasPrefix("cannot be reached: "), "\(receiver)")
        #expect(receiver.next?.contains("notafter test-notify") == true)
    }

    @Test func `a ledger from the future shows that the clock is wrong`() async throws {
        let site = try site()
        try await site.scan(day: 400)
        let (report, _) = try await report(of: site)
        let ledger = try #require(report.check("ledger"))
        #expect(ledger.state == "failure" && ledger.next?.contains("Set the clock") == true, "\(ledger)")
        let (early, status) = try await self.report(of: site, ["--at", "2001-01-01T00:00:00Z"])
        #expect(early.check("clock")?.state == "failure" && status == 2)
    }

    @Test func `a configuration with errors is a failure for each, and the machine is looked at all the same`()
        async throws
    {
        let site = try Site()
        try site.directory.write("certificates: []\nrecievers: []\n", to: "notafter.yaml")
        let (report, status) = try await report(of: site)
        #expect(status == 2)
        #expect(report.check("libraries")?.state == "ok")
        #expect(
            report.checks.contains { $0.name == "configuration" && $0.message.contains("did you mean \"receivers\"") })
    }

    @Test func `a credential of a unit is explained`() async throws {
        let site = try site()
        let text = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        let path = "/run/credentials/notafter.service/credentials_ops.secret"
        try site.directory.write(
            text.replacing("secret_file: ops.secret", with: "secret_file: \(path)"), to: "notafter.yaml")
        let (report, _) = try await report(of: site)
        let secret = try #require(report.check("receivers[0].webhook.secret_file"), "\(report)")
        #expect(secret.next?.contains("systemd-run --unit=notafter.service") == true, "\(secret)")
    }

    @Test func `quiet prints only what is not ok`() async throws {
        let site = try site()
        let outcome = try await site.run(["doctor", "--quiet"])
        #expect(!outcome.output.contains("  ok "), "\(outcome.output)")
    }
}
