import Certificates
import ExpiryRules
import Testing

@Suite struct `Summary plan` {
    private func beginning(_ text: String, every: TimeSpan = .days(7), from: Instant = SummaryPlan.usualBeginning)
        throws -> String
    {
        let plan = SummaryPlan(every: every, from: from, receivers: [])
        return plan.beginning(at: try #require(Instant(rfc3339: text))).description
    }

    @Test(arguments: [
        ("2026-11-21T15:00:00Z", "2026-11-16T08:00:00Z"), ("2026-11-16T08:00:00Z", "2026-11-16T08:00:00Z"),
        ("2026-11-16T07:59:59Z", "2026-11-09T08:00:00Z"), ("1969-12-31T00:00:00Z", "1969-12-29T08:00:00Z"),
    ])
    func `a week begins on Monday at 08:00 UTC`(now: String, expected: String) throws {
        #expect(try beginning(now) == expected)
    }

    @Test func `periods go on from any beginning, in both directions`() throws {
        let from = try #require(Instant(rfc3339: "2026-01-05T09:00:00+09:00"))
        #expect(try beginning("2026-11-16T00:00:00Z", from: from) == "2026-11-16T00:00:00Z")
        #expect(try beginning("2025-12-31T00:00:00Z", from: from) == "2025-12-29T00:00:00Z")
        #expect(try beginning("2026-11-21T15:00:00Z", every: .days(1), from: from) == "2026-11-21T00:00:00Z")
    }
}
