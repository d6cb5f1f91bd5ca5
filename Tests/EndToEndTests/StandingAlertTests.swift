import Certificates
import Foundation
import TestSupport
import Testing

/// Alerts that a receiver forgets without repeats, over the passes of a cron job.
struct StandingAlertTests {
    private struct Alert: Decodable {
        let labels: [String: String]
        let endsAt: String
    }

    @Test func `cron's passes keep an alert open until the next but three, and a renewal ends it`() async throws {
        let service = try RecordingReceiver()
        let site = try Site()
        try site.place("billing", daysLeft: 20)
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            receivers: [{ name: am, alertmanager: { urls: ["\(service.url)"] } }]
            route: { receivers: [am] }

            """, to: "notafter.yaml")
        func posted() throws -> [Alert] {
            try JSONDecoder().decode([Alert].self, from: Data(try #require(service.requests.last).body))
        }
        try await site.scan(day: 0)
        // The interval of cron is not known yet.
        #expect(try posted().map(\.endsAt) == [(Site.start + .hours(4)).description])
        for day in 1...3 as ClosedRange<Int64> {
            let outcome = try await site.scan(day: day)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try posted().map(\.endsAt) == [(Site.start + .days(day + 4)).description])
            #expect(try posted().map { $0.labels["threshold"] } == ["30d"])
        }
        service.behave { _, _ in .answer(503) }
        let failed = try await site.scan(day: 4)
        #expect(failed.errors.contains("to am, again: HTTP 503"))
        service.behave { _, _ in .answer(200) }
        try site.place("billing", daysLeft: 400)
        try await site.scan(day: 5)
        #expect(try posted().map(\.endsAt) == [(Site.start + .days(5)).description])
        let before = service.requests.count
        try await site.scan(day: 6)
        #expect(service.requests.count == before)
    }
}
