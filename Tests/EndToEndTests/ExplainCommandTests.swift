import Foundation
import TestSupport
import Testing

/// `notafter explain` and `notafter deliveries`: why a notice was sent, or not.
struct ExplainCommandTests {
    private struct Explanation: Decodable {
        struct Life: Decodable {
            struct Decision: Decodable {
                let kind: String
                let stage: String?
                let state: String
            }
            struct Delivery: Decodable {
                struct Attempt: Decodable {
                    let number: Int
                    let outcome: String?
                    let status: Int?
                }

                let message_id: String
                let receiver: String
                let state: String
                let reason: String?
                let next_attempt_at: String?
                let attempts: [Attempt]
            }

            let name: String
            let decisions: [Decision]
            let deliveries: [Delivery]
            let next: String
        }

        let certificates: [Life]
    }

    private func explain(_ site: Site, _ name: String, day: Int64) async throws -> Explanation.Life {
        let outcome = try await site.run(["explain", name, "--json"] + Site.at(day: day))
        let explanation = try JSONDecoder().decode(Explanation.self, from: Data(outcome.output.utf8))
        return try #require(explanation.certificates.first)
    }

    @Test func `what was told is explained by its decisions, attempts and what comes next`() async throws {
        let site = try Site()
        let certificate = try site.place("device-7", daysLeft: 20)
        try await site.scan(day: 0)
        let message = try #require(try site.ops.messages.first)
        let names = ["device-7", "DEVICE-7", "pki/device-7.pem", String(certificate.fingerprint.description.prefix(8))]
        for name in names {
            let life = try await explain(site, name, day: 0)
            #expect(life.name == "CN=device-7", "\(name)")
            #expect(life.decisions.map(\.kind) == ["expiring"])
            #expect(life.deliveries.map(\.message_id) == [message.id])
            #expect(life.deliveries.first?.attempts.map(\.outcome) == ["delivered"])
            #expect(life.next == "30d was decided; 14d begins on 2027-01-21T08:00:00Z and goes to ops")
        }
        let text = try await site.run(["explain", "device-7"] + Site.at(day: 0)).output
        for part in [
            "CN=device-7", "expiring 30d: open", "to ops: delivered", "attempt 1", "HTTP 200", "14d begins on",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }

    @Test func `what was not told has a reason`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(403) })
        try site.place("a", daysLeft: 20)
        try await site.scan(day: 0)
        let parked = try await explain(site, "CN=a", day: 0)
        #expect(parked.deliveries.map(\.state) == ["parked"])
        #expect(parked.deliveries.first?.reason?.contains("HTTP 403") == true)
        #expect(parked.deliveries.first?.next_attempt_at == "2027-01-15T20:00:00Z")

        try site.place("a", daysLeft: 900)
        try await site.scan(day: 1)
        let renewed = try await site.run(["explain", "pki/a.pem"] + Site.at(day: 1)).output
        #expect(renewed.contains("30d begins on"), "\(renewed)")
        let all = try await site.run(["explain", "CN=a"] + Site.at(day: 1)).output
        #expect(all.contains("cancelled") && all.contains("renewed before it was sent"), "\(all)")
        #expect(all.contains("nothing: it is watched no longer (renewed)"), "\(all)")
    }

    @Test func `an endpoint is explained by its verdict`() async throws {
        let site = try Site(
            sections: """
                endpoints:
                  - { name: api, url: "https://127.0.0.1:\(try LoopbackPort.free())/", failures_before_alert: 1 }
                """)
        try await site.scan(day: 0)
        let text = try await site.run(["explain", "api"] + Site.at(day: 0)).output
        for part in ["endpoint  api", "unreachable since 2027-01-15T08:00:00Z", "finding: open", "to ops: delivered"] {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }

    @Test func `what nobody knows is said`() async throws {
        let site = try Site()
        try await site.scan(day: 0)
        let outcome = try await site.run(["explain", "no\u{1B}such"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("knows nothing of no\\u{1B}such"))
    }

    @Test func `parked deliveries are listed, tried again and given up`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(403) })
        try site.place("a", daysLeft: 20)
        try site.place("b", daysLeft: 20)
        try await site.scan(day: 0)
        let listed = try await site.run(["deliveries", "--state", "parked"]).output.split(separator: "\n")
        try #require(listed.count == 2)
        #expect(listed.allSatisfy { $0.contains("parked") && $0.contains("HTTP 403") }, "\(listed)")
        let numbers = listed.compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(try await site.run(["deliveries", "--state", "sending"]).output == "no delivery is in that state\n")

        site.ops.behave { _, _ in .answer(200) }
        #expect(try await site.scan(day: 0).status == 2, "it waits for its time")
        #expect(try await site.run(["deliveries", "cancel", numbers[0]]).output == "\(numbers[0]) is cancelled\n")
        #expect(try await site.run(["deliveries", "retry", numbers[1]]).status == 0)
        let refused = try await site.run(["deliveries", "retry", numbers[0], "#99"])
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("\(numbers[0]) is cancelled, and stays so\n#99: there is no such delivery;"))
        #expect(try await site.scan(day: 0).status == 0)
        #expect(site.ops.requests.count == 3)
    }
}
