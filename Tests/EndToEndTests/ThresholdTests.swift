import Certificates
import TestSupport
import Testing

/// When notices are sent, from the configuration to the receiver.
struct ThresholdTests {
    private func issue(_ name: String, in site: Site, from start: Int64, hours: Int64) throws {
        let begin = Site.start + .hours(start)
        let certificate = try site.authority.issue(
            .client, commonName: name, notBefore: begin, notAfter: begin + .hours(hours))
        try site.directory.write(certificate.pem, to: "pki/svid.pem")
    }

    @Test func `a threshold that covers most of each certificate's life is told once, however often they are renewed`()
        async throws
    {
        let site = try Site()
        for hour: Int64 in stride(from: 0, to: 60, by: 12) {
            try issue("svid-\(hour)", in: site, from: hour, hours: 24)
            try await site.scan(day: 0, seconds: hour * 3_600)
        }
        let findings = site.ops.told.filter { $0 == "fleet finding" }
        #expect(findings.count == 1)
        let list = try await site.run(["list"] + Site.at(day: 2, seconds: 43_200))
        #expect(list.output.contains("the thresholds 30d and 14d cover most of its life of 24 hours"))
        #expect(list.output.contains("thresholds: [33%, 10%]"))
    }

    @Test func `with the share that is proposed it is over, and a renewal in time is told to nobody`() async throws {
        let site = try Site(sections: "defaults: { thresholds: [33%] }")
        for hour: Int64 in stride(from: 0, to: 60, by: 12) {
            try issue("svid-\(hour)", in: site, from: hour, hours: 24)
            try await site.scan(day: 0, seconds: hour * 3_600)
        }
        #expect(site.ops.told.isEmpty)
    }

    @Test func `rules and severities reach the receiver, and reminders say so`() async throws {
        let site = try Site(
            sections: """
                defaults:
                  threshold_rules:
                    - match: { role: client, owner: device-team }
                      thresholds: [{ before: 20d, severity: info }]
                      repeat_every: 1d
                """)
        try site.place("a", daysLeft: 30)
        for day: Int64 in [0, 10, 11, 12] { try await site.scan(day: day) }
        #expect(site.ops.told == Array(repeating: "fleet/CN=a expiring 20d", count: 3))
        let texts = site.ops.requests.map(\.text)
        #expect(texts.allSatisfy { $0.contains("\"severity\":\"info\"") })
        #expect(texts.map { $0.contains("Reminder: Client certificate") } == [false, true, true])
        #expect(texts.map { $0.contains("\"reminder\":2") } == [false, false, true])
        #expect(Set(try site.ops.messages.map(\.id)).count == 3)
        let list = try await site.run(["list", "--json"] + Site.at(day: 12))
        #expect(list.output.contains("\"state\" : \"ok\""), "what is for information is no warning")
    }

    @Test(arguments: [("14d", "30d"), ("7", "8"), ("10%", "33%")])
    func `check refuses a warning that comes after what is critical`(warning: String, critical: String) async throws {
        let site = try Site()
        try issue("fleet", in: site, from: 0, hours: 2_400)
        let refused = try await site.run(["check", "-w", warning, "-c", critical, "pki"] + Site.at(day: 0))
        #expect(refused.status == 3 || refused.status == 64)
        #expect((refused.output + refused.errors).contains("give the longer time to -w"))
        // A threshold by itself is never in the way of the other one's default.
        let alone = try await site.run(["check", "-c", "60d", "pki"] + Site.at(day: 60))
        #expect(alone.status == 2)
    }

    @Test func `check and inspect propose a share as well`() async throws {
        let site = try Site()
        try issue("svid", in: site, from: 0, hours: 24)
        let explanation = "the thresholds 30d and 14d cover most of its life of 24 hours"
        let check = try await site.run(["check", "pki"] + Site.at(day: 0))
        let remedy = "Ask for a share, such as -w 33% -c 10%."
        #expect(check.output.contains("\"CN=svid\" (pki/svid.pem): \(explanation). \(remedy)"))
        let suited = try await site.run(["check", "-w", "33%", "-c", "10%", "pki"] + Site.at(day: 0))
        #expect(suited.status == 0)
        #expect(!suited.output.contains("Ask for a share"))
        let registered = try await site.run(["check", "--config", "notafter.yaml"] + Site.at(day: 0))
        #expect(registered.output.contains("fleet: \"CN=svid\" (") && registered.output.contains(explanation))
        let inspected = try await site.run(["inspect", "pki/svid.pem"] + Site.at(day: 0))
        let words = inspected.output.replacing(/\s+/, with: " ")
        #expect(words.contains("threshold_too_wide: by default, \(explanation)"), "\(inspected.output)")
    }
}
