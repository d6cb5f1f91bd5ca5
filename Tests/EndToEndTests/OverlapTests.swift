import TestSupport
import Testing

/// Several concurrent runs on one ledger: overlapping cron jobs, or a timer beside the daemon.
struct OverlapTests {
    private static let certificates = 50
    private static let processes = 8

    @Test func `of many runs at once nobody hears twice, and each run ends with a status that fits`() async throws {
        let slow = try RecordingReceiver { _, _ in .answer(200, after: .milliseconds(20)) }
        let site = try Site(ops: slow)
        for number in 0..<Self.certificates { try site.place("c\(number)", daysLeft: 45) }
        // Create the ledger, send a stage, send the next one, send nothing.
        for day: Int64 in [0, 16, 32, 33] {
            let outcomes = try await runs(on: site, day: day)
            for outcome in outcomes {
                // 1: another run is still sending.
                #expect([0, 1].contains(outcome.status), "day \(day): \(outcome.errors)")
            }
            #expect(outcomes.contains { $0.status == 0 }, "whoever ended last had nothing left")
        }
        let messages = try slow.messages
        #expect(messages.count == 2 * Self.certificates)
        #expect(Set(messages.map(\.id)).count == messages.count)
        #expect(try site.ledger.integrity() == "ok")
        #expect(try site.ledger.count("SELECT count(*) FROM deliveries WHERE state <> 'delivered'") == 0)
    }

    @Test func `many runs at once may make the ledger`() async throws {
        for _ in 0..<10 {
            let site = try Site()
            try site.place("a", daysLeft: 10)
            let statuses = try await runs(on: site, day: 0).map(\.status)
            #expect(statuses.allSatisfy { $0 <= 1 }, "\(statuses)")
            #expect(site.ops.told == ["fleet/CN=a expiring 14d"])
        }
    }

    private func runs(on site: Site, day: Int64) async throws -> [NotafterProcess.Outcome] {
        try await withThrowingTaskGroup { group in
            for _ in 0..<Self.processes { group.addTask { try await site.scan(day: day) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
