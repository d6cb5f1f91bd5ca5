import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

/// What services with incidents get over the life of one certificate, starting from the ledger.
struct IncidentTests {
    private let now = ReceiverLab.now

    private func sample(_ lab: ReceiverLab, _ receiver: ConfiguredReceiver) async throws -> (OutboxSample, DeliveryLoop)
    {
        let sample = try await OutboxSample(lab.directory, at: now, receivers: ["lab"], certificates: 0)
        let loop = try await sample.loop([receiver])
        return (sample, loop)
    }

    /// The stages of 30 and 14 days, expiry, and a renewal, each delivered.
    private func live(_ sample: OutboxSample, _ loop: DeliveryLoop) async throws {
        let expiry = now + .days(20)
        try await sample.see("a.pem", .sample(1, notAfter: expiry, names: "a", key: "a"))
        #expect(try await loop.drain().map(\.outcome) == [.delivered])
        for later in [now + .days(7), expiry + .hours(1)] {
            sample.time.now = later
            _ = try await sample.ledger.decideDue(plan: sample.plan, at: later)
            #expect(try await loop.drain().map(\.outcome) == [.delivered])
        }
        try await sample.see("a.pem", .sample(2, notAfter: now + .days(400), names: "a", key: "a"))
        #expect(try await loop.drain().map(\.type) == [.certificateRenewed])
    }

    @Test func `PagerDuty has an incident for each stage, and all of them end`() async throws {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver(try #require(FakeService.script(.pagerduty)))
        let (sample, loop) = try await sample(lab, try lab.receiver(.pagerduty, at: service.url))
        try await live(sample, loop)
        struct Event: Decodable {
            let event_action: String
            let dedup_key: String
        }
        let events = try service.requests.map { try JSONDecoder().decode(Event.self, from: Data($0.body)) }
        var open: [String] = []
        var opened: [String] = []
        for event in events {
            if event.event_action == "trigger" {
                open.append(event.dedup_key)
                opened.append(event.dedup_key)
            } else {
                open.removeAll { $0 == event.dedup_key }
            }
            // While one stage replaces another, two incidents may be open, but never none.
            #expect(open.count <= 2 && (opened.count == 3 || !open.isEmpty))
        }
        #expect(Set(opened).count == 3 && open.isEmpty)
        #expect(
            events.map(\.event_action) == ["trigger", "trigger", "resolve", "trigger", "resolve", "resolve"]
                + Array(repeating: "resolve", count: 3))
    }

    @Test func `Opsgenie's alerts are closed by their aliases`() async throws {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver(try #require(FakeService.script(.opsgenie)))
        let (sample, loop) = try await sample(lab, try lab.receiver(.opsgenie, at: service.url))
        try await live(sample, loop)
        let created = service.requests.filter { $0.path == "/hook/v2/alerts" }.compactMap { request in
            (try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])?["alias"] as? String
        }
        let closed = service.requests.filter { $0.path.contains("/close") }.map { request in
            String(request.path.split(separator: "/")[3])
        }
        #expect(Set(created).count == 3 && Set(closed) == Set(created))
    }

    @Test func `a finding and its recovery are one incident`() throws {
        let begun = try Incident(NoticeSample.facts(.finding))
        let over = try Incident(NoticeSample.facts(.findingResolved))
        #expect(begun.ongoing != nil && begun.ongoing.map { [$0.key] } == over.over.map(\.key) && over.ongoing == nil)
    }

    @Test func `a key tells stages, certificates and episodes apart`() throws {
        let facts = [
            NoticeSample.facts(.expiring), NoticeSample.facts(.expiring, stage: .days(30)),
            NoticeSample.facts(.expired),
            NoticeSample.facts(.finding),
        ]
        #expect(Set(try facts.compactMap { try Incident($0).ongoing?.key }).count == 4)
        // Computed with Python's hashlib and base64. Services store keys, so the function must never change.
        #expect(try Incident(facts[0]).ongoing?.key == "na_oa74bhadfpvgsmqqahjq77ckce")
    }
}
