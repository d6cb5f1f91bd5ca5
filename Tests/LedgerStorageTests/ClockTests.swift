import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// What the ledger does about a clock that is set.
struct ClockTests {
    private static let stage30 = "expiring 2592000"

    /// A world whose clock was looked at once.
    private func world() async throws -> LedgerWorld {
        let world = try await LedgerWorld()
        #expect(try await look(world, bootSeconds: 0) == .steady)
        return world
    }

    private func look(_ world: LedgerWorld, bootSeconds: Int64) async throws -> ClockStep {
        try await world.ledger.observeClock(
            at: world.time.now, boot: BootTime(bootID: "boot", seconds: bootSeconds), plan: world.plan
        ).step
    }

    @Test func `a jump of more than a day is told before anything that has expired by it`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        world.time.advance(by: .days(41))
        #expect(try await look(world, bootSeconds: 60) == .forward(TimeSpan(seconds: 41 * 86_400 - 60)))
        try await world.pass()
        let first = try #require(try await world.claim())
        #expect(first.identities.map(\.kind) == [.finding])
        #expect(try await world.claim() == nil, "until the finding is settled")
        try await world.ledger.settle(first, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == ["expired 0"])
    }

    @Test func `a receiver that refuses the finding holds back what has expired for an hour`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        world.time.advance(by: .days(41))
        _ = try await look(world, bootSeconds: 60)
        try await world.pass()
        #expect(
            try await world.deliver(as: .rejected, then: .park(world.time.now + .hours(12))) == ["finding -1"])
        #expect(try await world.deliver() == [])
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver() == ["expired 0"])
    }

    @Test func `stages that were told stay told when the clock is set back, and the rest comes in its time`()
        async throws
    {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        world.time.advance(by: .days(11))
        #expect(try await look(world, bootSeconds: 11 * 86_400) == .steady)
        try await world.pass()
        #expect(try await world.deliver() == [Self.stage30])
        world.time.advance(by: .days(-10))
        guard case .back = try await look(world, bootSeconds: 11 * 86_400 + 60) else {
            Issue.record("the step was not seen")
            return
        }
        for _ in 0..<15 {
            try await world.pass()
            #expect(try await world.deliver().filter { $0 != "finding -1" } == [])
            world.time.advance(by: .days(1))
        }
        world.time.advance(by: .days(11))
        try await world.pass()
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `what waits for a time that was set back waits no longer than half a day`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        world.time.advance(by: .hours(30))
        #expect(try await look(world, bootSeconds: 30 * 3_600) == .steady)
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(12)))
        world.time.advance(by: .hours(-30))
        guard case .back = try await look(world, bootSeconds: 30 * 3_600 + 60) else {
            Issue.record("the step was not seen")
            return
        }
        #expect(try await world.deliver().contains("expiring 1209600"))
    }

    @Test func `the finding is over when the clock has gone steadily for a day`() async throws {
        let world = try await world()
        world.time.advance(by: .days(3))
        _ = try await look(world, bootSeconds: 60)
        #expect(try await world.deliver() == ["finding -1"])
        world.time.advance(by: .hours(23))
        #expect(try await look(world, bootSeconds: 60 + 23 * 3_600) == .steady)
        #expect(try await world.deliver() == [])
        world.time.advance(by: .hours(1))
        #expect(try await look(world, bootSeconds: 60 + 24 * 3_600) == .steady)
        #expect(try await world.deliver() == ["finding_resolved -1"])
    }

    @Test func `a corrected clock of a few minutes is nobody's business`() async throws {
        let world = try await world()
        world.time.advance(by: TimeSpan(seconds: -3_600))
        guard case .back = try await look(world, bootSeconds: 60) else {
            Issue.record("the step was not seen")
            return
        }
        #expect(try await world.deliver() == [])
        #expect(try await world.ledger.openFindings().isEmpty)
    }
}
