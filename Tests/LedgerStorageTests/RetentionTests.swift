import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The data that the ledger deletes, and the data that it must keep.
struct RetentionTests {
    private static let tables: [SQLText] = ["certificates", "observations", "notices", "deliveries", "attempts"]

    private func rows(_ world: LedgerWorld) async throws -> [Int64] {
        try await world.engine.read { session in
            try Self.tables.map { table in
                try session.first("SELECT count(*) FROM \(table)") { $0.integer(0) ?? 0 } ?? 0
            }
        }
    }

    @Test func `what was renewed is forgotten 400 days after it would have expired, and no day before`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver()
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 4_000)]])
        try await world.deliver()
        world.time.advance(by: .days(409))
        try await world.pass()
        world.time.advance(by: .days(1))
        try await world.pass()
        #expect(try await rows(world) == [2, 2, 3, 2, 2], "with the stage that was passed over")
        world.time.advance(by: .days(1))
        try await world.pass()
        #expect(try await rows(world) == [1, 1, 0, 0, 0])
    }

    @Test func `what is watched is never forgotten, however long it has been expired`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver()
        world.time.advance(by: .days(2_000))
        try await world.pass()
        try await world.deliver()
        world.time.advance(by: .days(2))
        try await world.pass()
        #expect(try await rows(world).prefix(2) == [1, 1])
        #expect(try await world.deliver() == [], "and so it is not told again")
    }

    @Test func `a finding that comes back after years has an id of its own`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 8_000)]])
        let lost = SourceOutcome.lost(Defect(.readFailed, "/pki: no such directory"))
        let first = try await world.pass([], outcome: lost).map(\.identity)
        try await world.deliver()
        try await world.pass()
        try await world.deliver()
        world.time.advance(by: .days(500))
        try await world.pass()
        #expect(try await rows(world)[2] == 2, "the clock may have run ahead, and is believed after a day")
        world.time.advance(by: .days(1))
        try await world.pass()
        #expect(try await rows(world)[2] == 0)
        let second = try await world.pass([], outcome: lost).map(\.identity)
        #expect(first.count == 1 && second.count == 1 && first != second)
    }

    @Test func `of one delivery no more than a thousand attempts are kept`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        for _ in 0..<1_005 {
            try await world.deliver(as: .rejected, then: .park(world.time.now + TimeSpan(seconds: 1)));
            world.time.advance(by: TimeSpan(seconds: 1))
        }
        #expect(try await rows(world)[4] == 1_000)
    }
}
