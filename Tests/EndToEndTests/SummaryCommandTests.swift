import Foundation
import TestSupport
import Testing

/// The summary, from the configuration to the receiver.
struct SummaryCommandTests {
    private struct Body: Decodable {
        struct Facts: Decodable {
            struct Count: Decodable { let count: Int }
            struct Watched: Decodable { let certificates: Int }
            struct Passes: Decodable {
                let finished: Int
                let troubled: Int
            }
            struct Next: Decodable { let at: String }

            let text: String
            let watched: Watched?
            let passes: Passes?
            let expiring: Count?
            let findings: Count?
            let next: Next?
        }

        let type: String
        let data: Facts
    }

    private func site(ops: RecordingReceiver? = nil) throws -> Site {
        try Site(ops: ops, sections: "summary: { receivers: [ops], from: \"\(Site.start)\" }")
    }

    private func summaries(_ site: Site) throws -> [Body.Facts] {
        try site.ops.requests.map { try JSONDecoder().decode(Body.self, from: Data($0.body)) }
            .filter { $0.type == "summary" }.map(\.data)
    }

    @Test func `once a week the receiver hears how everything stands, whatever there is to tell`() async throws {
        let site = try site()
        try site.place("a", daysLeft: 400)
        try site.place("b", daysLeft: 35)
        for day in 0..<8 {
            let outcome = try await site.scan(day: Int64(day))
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
        }
        let summaries = try summaries(site)
        #expect(summaries.count == 2, "the first pass, and the first one of the next week")
        #expect(summaries[0].watched?.certificates == 2 && summaries[0].passes?.finished == 0)
        #expect(summaries[1].passes?.finished == 7 && summaries[1].passes?.troubled == 0)
        #expect(summaries[1].expiring?.count == 1 && summaries[1].findings?.count == 0)
        #expect(summaries[1].next?.at == "2027-02-05T08:00:00Z")
        #expect(summaries[1].text.contains("\n- 2027-02-19T08:00:00Z (in 28 days): CN=b of fleet\n"))
        #expect(Set(site.ops.requests.map { $0.headers["webhook-id"] }).count == site.ops.requests.count)
    }

    @Test func `one that could not be told in its week is no alarm when the week is over`() async throws {
        let site = try site(ops: try RecordingReceiver { _, _ in .answer(500) })
        try site.place("a", daysLeft: 400)
        #expect(try await site.scan(day: 0).status == 1)
        site.ops.behave { _, _ in .answer(200) }
        let outcome = try await site.scan(day: 8)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(try site.ledger.count("SELECT count(*) FROM deliveries WHERE state = 'expired'") == 1)
    }

    @Test func `the next ones are foreseen`() async throws {
        let site = try site()
        try site.place("a", daysLeft: 400)
        try await site.scan(day: 0)
        let outcome = try await site.run(["forecast", "--days", "20"] + Site.at(day: 0))
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("2027-01-29T08:00:00Z") && lines[1].hasPrefix("2027-01-22T08:00:00Z"))
        #expect(lines[1].hasSuffix("to ops"))
    }
}
