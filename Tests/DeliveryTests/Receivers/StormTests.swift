import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Testing

/// A thousand certificates that cross a threshold in one pass.
struct StormTests {
    private static let size = 1_000
    private let now = ReceiverLab.now

    /// The objects that must exist during a storm.
    private struct Storm {
        let lab: ReceiverLab
        let sample: OutboxSample
        let loop: DeliveryLoop
        let service: RecordingReceiver
    }

    private func storm(
        of size: Int, _ kind: ReceiverKind, _ script: @escaping RecordingReceiver.Script,
        further: [String: SettingValue] = [:], reminders: ReminderSchedule? = nil
    ) async throws -> Storm {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver(script)
        let sample = try await OutboxSample(
            lab.directory, at: now, receivers: ["lab"], certificates: 0, reminders: reminders)
        try await sample.see((0..<size).map { ("\($0).pem", certificate($0, .days(10))) })
        let receiver = try lab.receiver(kind, at: service.url, further: further)
        return Storm(lab: lab, sample: sample, loop: try await sample.loop([receiver]), service: service)
    }

    private func certificate(_ number: Int, _ left: TimeSpan) -> Certificate {
        .sample(
            UInt32(number) + (left > .days(30) ? 100_000 : 0), notAfter: now + left, names: "n\(number)",
            key: "n\(number)")
    }

    /// For each kind, the number of requests and the further settings.
    @Test(
        arguments: [
            (.slack, 1, [:]), (.teams, 1, [:]), (.discord, 1, [:]), (.mattermost, 1, [:]), (.telegram, 1, [:]),
            (.ntfy, 1, [:]), (.pagerduty, 1, [:]), (.opsgenie, 1, [:]), (.alertmanager, 16, [:]),
            (.webhook, 10, ["batch": .number(100)]),
        ] as [(ReceiverKind, Int, [String: SettingValue])])
    func `a storm makes few messages, and each certificate keeps its own state`(
        kind: ReceiverKind, requests: Int, further: [String: SettingValue]
    ) async throws {
        // The fake webhook refuses a body of the size of a batch.
        let taking: RecordingReceiver.Script = { _, _ in .answer(200) }
        let script = kind == .webhook ? taking : FakeService.script(kind) ?? taking
        let storm = try await storm(of: Self.size, kind, script, further: further)
        let reports = try await storm.loop.drain()
        #expect(reports.allSatisfy { $0.outcome == .delivered }, "\(reports.first?.detail ?? "")")
        #expect(storm.service.requests.count == requests)
        let deliveries = try await storm.sample.ledger.deliveries(in: DeliveryState.allCases)
        #expect(deliveries.count == Self.size && deliveries.allSatisfy { $0.state == .delivered })
        #expect(Set(deliveries.map(\.identity)).count == Self.size)
    }

    @Test func `up to twenty are told one by one, and a digest has the worst by name`() async throws {
        let script = try #require(FakeService.script(.slack))
        let few = try await storm(of: 20, .slack, script)
        #expect(try await few.loop.drain().count == 20 && few.service.requests.count == 20)
        let many = try await storm(of: 21, .slack, script)
        #expect(try await many.loop.drain().map(\.type) == [.digest])
        let text = try #require(many.service.requests.first?.text)
        #expect(text.contains("21 notices: 21 expiring") && text.contains("and 1 more"))
        #expect(text.components(separatedBy: "•").count - 1 == 20)
    }

    @Test func `a digest's incident ends with the last of its certificates`() async throws {
        let storm = try await storm(
            of: 3, .pagerduty, try #require(FakeService.script(.pagerduty)), further: ["digest_above": .number(2)])
        #expect(try await storm.loop.drain().map(\.type) == [.digest])
        func events() throws -> [[String: Any]] {
            try storm.service.requests.map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.body)) as? [String: Any])
            }
        }
        let opened = try #require(try events().first)
        #expect(opened["event_action"] as? String == "trigger")
        for number in 0..<2 {
            try await storm.sample.see("\(number).pem", certificate(number, .days(400)))
            #expect(try await storm.loop.drain().map(\.outcome) == [.delivered])
        }
        #expect(storm.service.requests.count == 1, "there is nothing to close yet")
        try await storm.sample.see("2.pem", certificate(2, .days(400)))
        _ = try await storm.loop.drain()
        let closed = try #require(try events().last)
        #expect(closed["event_action"] as? String == "resolve")
        #expect(closed["dedup_key"] as? String == opened["dedup_key"] as? String)
    }

    /// The incidents that were opened at PagerDuty and are still open.
    private func openIncidents(_ service: RecordingReceiver) throws -> Set<String> {
        var open: Set<String> = []
        for request in service.requests {
            let event = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
            let key = try #require(event["dedup_key"] as? String)
            if event["event_action"] as? String == "trigger" { open.insert(key) } else { open.remove(key) }
        }
        return open
    }

    @Test func `a stage that was told in a digest and then by itself leaves no incident open`() async throws {
        let storm = try await storm(
            of: 3, .pagerduty, try #require(FakeService.script(.pagerduty)), further: ["digest_above": .number(2)],
            reminders: ReminderSchedule(every: .days(1)))
        #expect(try await storm.loop.drain().map(\.type) == [.digest])
        for number in 0..<2 { try await storm.sample.see("\(number).pem", certificate(number, .days(400))) }
        storm.sample.time.advance(by: .days(2))
        _ = try await storm.sample.ledger.decideDue(plan: storm.sample.plan, at: storm.sample.time.now)
        _ = try await storm.loop.drain()
        #expect(try openIncidents(storm.service).count == 1, "the reminder's, which took the digest's place")
        try await storm.sample.see("2.pem", certificate(2, .days(400)))
        _ = try await storm.loop.drain()
        #expect(try openIncidents(storm.service).isEmpty)
    }

    @Test func `a digest that may have arrived and is made anew is closed by what follows it`() async throws {
        let script = try #require(FakeService.script(.pagerduty))
        let storm = try await storm(
            of: 3, .pagerduty, { number, request in number == 0 ? .loseAnswer : script(number, request) },
            further: ["digest_above": .number(1)])
        #expect(try await storm.loop.drain().map(\.outcome) == [.unknown])
        try await storm.sample.see("0.pem", certificate(0, .days(400)))
        storm.sample.time.advance(by: .hours(1))
        _ = try await storm.loop.drain()
        #expect(try openIncidents(storm.service).count == 1, "the second digest's alone")
    }

    @Test func `of a list that Alertmanager refuses only the bad one is parked`() async throws {
        let storm = try await storm(of: 5, .alertmanager) { _, request in
            .answer(request.text.contains("CN=n3") ? 400 : 200)
        }
        _ = try await storm.loop.drain()
        let states = try await storm.sample.ledger.deliveries(in: DeliveryState.allCases).map(\.state)
        #expect(states.filter { $0 == .delivered }.count == 4 && states.filter { $0 == .parked }.count == 1)
    }

    @Test func `what a service finds too large is said once more in the fewest words`() async throws {
        let script = try #require(FakeService.script(.teams))
        let storm = try await storm(of: 1, .teams) { number, request in
            number == 0 ? .answer(413) : script(number, request)
        }
        #expect(try await storm.loop.drain().map(\.outcome) == [.rejected, .delivered])
        let delivery = try #require(try await storm.sample.ledger.deliveries(in: [.delivered]).first)
        #expect(delivery.messageIdentifier?.hasSuffix("m") == true)
        let bodies = storm.service.requests.map(\.body.count)
        #expect(bodies[1] < bodies[0] && storm.service.requests[1].text.contains("CN=n0"))
    }

    @Test func `people are told that a message is sent again`() async throws {
        let script = try #require(FakeService.script(.slack))
        let storm = try await storm(of: 1, .slack) { number, request in
            number == 0 ? .loseAnswer : script(number, request)
        }
        _ = try await storm.loop.drain()
        storm.sample.time.advance(by: .hours(1))
        #expect(try await storm.loop.drain().map(\.outcome) == [.delivered])
        let texts = storm.service.requests.map(\.text)
        #expect(texts.count == 2 && !texts[0].contains("Sent again") && texts[1].contains("Sent again"))
    }
}
