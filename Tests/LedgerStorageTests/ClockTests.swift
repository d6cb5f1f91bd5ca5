import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The ledger's reaction to a clock that is set.
struct ClockTests {
    private static let stage30 = "expiring 2592000"

    /// A world whose clock was observed once.
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

    /// Sets the clock by the given days and observes it. The boot clock advances by a minute.
    private func setClock(_ world: LedgerWorld, byDays days: Int64, bootSeconds: Int64 = 60) async throws {
        world.time.advance(by: .days(days))
        _ = try await look(world, bootSeconds: bootSeconds)
    }

    /// Makes daily passes. Returns the messages of each, without findings about the clock, by the day from now.
    private func live(_ world: LedgerWorld, days: Range<Int64>) async throws -> [Int64: [String]] {
        var sent: [Int64: [String]] = [:]
        for day in days {
            try await world.pass()
            let messages = try await world.deliver().filter { !$0.hasPrefix("finding") }
            if !messages.isEmpty { sent[day] = messages }
            world.time.advance(by: .days(1))
        }
        return sent
    }

    @Test(arguments: [41, 4_383] as [Int64])
    func `what was told by a clock that ran ahead is taken back, and told when it comes`(ahead: Int64) async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        try await setClock(world, byDays: ahead)
        #expect(try await live(world, days: 0..<1) == [0: ["expired 0"]])
        try await setClock(world, byDays: -ahead - 1, bootSeconds: 120)
        #expect(
            try await live(world, days: 0..<43) == [
                0: ["withdrawn -1"], 10: [Self.stage30], 26: ["expiring 1209600"], 41: ["expired 0"],
            ])
    }

    @Test func `a milder stage that has come is told again, after what is taken back`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 25)]])
        #expect(try await world.deliver() == [Self.stage30])
        try await setClock(world, byDays: 30)
        #expect(try await live(world, days: 0..<1) == [0: ["expired 0"]])
        try await setClock(world, byDays: -31, bootSeconds: 120)
        try await world.pass()
        #expect(
            try await world.deliver(as: .rejected, then: .retry(world.time.now + .hours(2))).contains("withdrawn -1"))
        #expect(try await world.deliver() == [], "the stage does not overtake it")
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver() == [Self.stage30], "but does not wait longer than an hour")
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver().contains("withdrawn -1"))
        #expect(try await live(world, days: 0..<25) == [11: ["expiring 1209600"]])
    }

    @Test func `what nobody was told is taken back without a word, and comes in its time`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        try await setClock(world, byDays: 41)
        try await world.pass()
        try await setClock(world, byDays: -41, bootSeconds: 120)
        #expect(try await live(world, days: 0..<11) == [10: [Self.stage30]])
    }

    @Test func `a stage that comes within a day stays told`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 40)]])
        try await setClock(world, byDays: 11)
        #expect(try await live(world, days: 0..<1) == [0: [Self.stage30]])
        world.time.advance(by: .hours(-24 - 47))
        _ = try await look(world, bootSeconds: 120)
        #expect(try await live(world, days: 0..<17).keys.sorted() == [], "30d comes in 23 hours, and 14d in 17 days")
    }

    @Test func `by a clock that is earlier than the certificate nothing is taken back of it`() async throws {
        let world = try await world()
        let certificate = Certificate.sample(
            1, notBefore: world.time.now - .days(10), notAfter: world.time.now + .days(20))
        try await world.see(["a.pem": [certificate]])
        #expect(try await world.deliver() == [Self.stage30])
        try await setClock(world, byDays: -20_000)
        #expect(try await live(world, days: 0..<3) == [:])
        try await setClock(world, byDays: 19_998, bootSeconds: 3 * 86_400)
        #expect(try await live(world, days: 0..<8) == [5: ["expiring 1209600"]])
    }

    @Test func `what expired undelivered by a clock that ran ahead is sent`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 25)]])
        try await setClock(world, byDays: 20)
        world.time.advance(by: .days(30))
        try await world.ledger.tidyOutbox(longestWait: .hours(12), at: world.time.now)
        #expect(try await world.deliver().filter { !$0.hasPrefix("finding") } == [])
        try await setClock(world, byDays: -50, bootSeconds: 120)
        #expect(try await live(world, days: 0..<1) == [0: [Self.stage30]])
    }

    @Test func `what was verified by a clock that ran ahead is verified anew`() async throws {
        let world = try await world()
        let certificate = world.certificate(1, daysLeft: 40)
        let change = PathChange.read(
            FilePath("a.pem"), changeKey: [1], sightings: [.read(certificate)],
            encodings: [certificate.fingerprint: [1]],
            defects: [])
        try await world.pass([change])
        try await setClock(world, byDays: 41)
        _ = try await world.ledger.record(
            [Judgement(fingerprint: certificate.fingerprint)], of: "fleet", by: [1], plan: world.plan,
            at: world.time.now)
        func unverified() async throws -> Int {
            try await world.ledger.unverified(in: "fleet", by: [1], at: world.time.now).count
        }
        #expect(try await unverified() == 0)
        try await setClock(world, byDays: -41, bootSeconds: 120)
        #expect(try await unverified() == 1)
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
