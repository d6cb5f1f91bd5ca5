import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// A summary is an overview that is sent once in each period.
struct SummaryTests {
    private static func plan(_ world: LedgerWorld, receivers: [String] = ["ops"]) -> WatchPlan {
        var plan = world.plan
        plan.summary = SummaryPlan(every: .days(7), from: world.time.now, receivers: receivers)
        return plan
    }

    /// The messages to `receiver`, with the facts of each.
    private static func taken(_ world: LedgerWorld, receiver: String = "ops") async throws -> [NoticeFacts] {
        var taken: [NoticeFacts] = []
        while let claim = try await world.claim(for: receiver) {
            let facts = try await world.ledger.notices(of: claim.identities, at: world.time.now)
            taken += claim.identities.compactMap { facts[$0] }
            try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        }
        return taken
    }

    @Test func `each period is told once, to those whom the plan names`() async throws {
        let world = try await LedgerWorld(receivers: ["ops", "boss"])
        let plan = Self.plan(world, receivers: ["boss"])
        for day in 0..<21 {
            #expect(
                try await world.ledger.decideSummary(plan: plan, at: world.time.now).count == (day % 7 == 0 ? 1 : 0))
            #expect(try await Self.taken(world, receiver: "boss").count == (day % 7 == 0 ? 1 : 0))
            #expect(try await Self.taken(world).isEmpty)
            world.time.advance(by: .days(1))
        }
        #expect(try await world.ledger.decideSummary(plan: world.plan, at: world.time.now).isEmpty, "nobody wants one")
    }

    @Test func `after a long outage there is one summary, and of a clock that was set back none is repeated`()
        async throws
    {
        let world = try await LedgerWorld()
        let plan = Self.plan(world)
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).count == 1)
        world.time.advance(by: .days(40))
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).count == 1)
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).isEmpty)
        world.time.advance(by: .days(-40))
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).isEmpty)
    }

    @Test func `a period that a clock which ran ahead has used up has its summary when it comes`() async throws {
        let world = try await LedgerWorld()
        let plan = Self.plan(world)
        func look(bootSeconds: Int64) async throws {
            _ = try await world.ledger.observeClock(
                at: world.time.now, boot: BootTime(bootID: "boot", seconds: bootSeconds), plan: plan)
        }
        try await look(bootSeconds: 0)
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).count == 1)
        world.time.advance(by: .days(14))
        try await look(bootSeconds: 60)
        let ahead = try await world.ledger.decideSummary(plan: plan, at: world.time.now)
        world.time.advance(by: .days(-14))
        try await look(bootSeconds: 120)
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).isEmpty)
        world.time.advance(by: .days(14))
        let due = try await world.ledger.decideSummary(plan: plan, at: world.time.now)
        let identities = try await world.ledger.notices(ahead + due, at: world.time.now).map(\.identity)
        #expect(identities.map(\.repetition) == [0, 1], "under an id of its own: \(identities)")
        #expect(try await world.ledger.decideSummary(plan: plan, at: world.time.now).isEmpty)
    }

    @Test func `one that nobody took ends with its period, and is no alarm`() async throws {
        let world = try await LedgerWorld()
        let plan = Self.plan(world)
        let start = world.time.now
        _ = try await world.ledger.decideSummary(plan: plan, at: start)
        try await world.deliver(as: .notSent)
        world.time.advance(by: .days(7))
        _ = try await world.ledger.decideSummary(plan: plan, at: world.time.now)
        let deliveries = try await world.ledger.deliveries(about: .summary)
        #expect(deliveries.map(\.state) == [.expired, .pending])
        let state = try await world.ledger.outboxState(expiredSince: start)
        #expect(state.expired == 0 && state.open == 1)
        #expect(try await Self.taken(world).map(\.identity.episode) == [world.time.now.seconds])
    }

    @Test func `it says what is watched, what ends soon, what is wrong and what was done`() async throws {
        let world = try await LedgerWorld()
        let plan = Self.plan(world)
        let start = world.time.now
        try await world.see([
            "/pki/a.pem": [world.certificate(1, daysLeft: 10)], "/pki/b.pem": [world.certificate(2, daysLeft: 100)],
            "/pki/c.pem": [world.certificate(3, daysLeft: -2)],
        ])
        try await world.deliver()
        let cutShort = try await world.ledger.beginRun(at: world.time.now)
        world.time.advance(by: .hours(1))
        try await world.pass(outcome: .lost(Defect(.readFailed, "/pki: gone")))
        let run = try await world.ledger.beginRun(at: world.time.now)
        try await world.ledger.finishRun(run, as: .troubled, at: world.time.now)
        _ = try await world.ledger.beginRun(at: world.time.now)
        _ = try await world.ledger.decideSummary(plan: plan, at: world.time.now)
        let facts = try #require(try await Self.taken(world).compactMap(\.summaryFacts).first)
        #expect(cutShort > 0 && facts.since == start)
        #expect(facts.certificates == 3 && facts.revocationLists == 0 && facts.endpoints == 0 && facts.sources == 1)
        #expect(facts.readSince == start)
        #expect(facts.passes == .init(finished: 3, troubled: 1, unfinished: 1), "and one goes on")
        #expect(facts.findingCount == 1 && facts.findings.map(\.code) == [.lostFromSight])
        #expect(facts.endingCount == 2 && facts.endings.map(\.name) == ["CN=sample-3", "CN=sample-1"])
        #expect(facts.deliveries == .init(made: 3, open: 0, parked: 0, expired: 0))
        #expect(facts.nextName == "CN=sample-1" && facts.nextDue == start + .days(10) + TimeSpan(seconds: 1))

        world.time.advance(by: .days(7))
        _ = try await world.ledger.decideSummary(plan: plan, at: world.time.now)
        let next = try #require(try await Self.taken(world).compactMap(\.summaryFacts).first)
        #expect(next.since == start + .hours(1), "the last summary")
        #expect(next.passes.finished == 2)
    }

    @Test func `lists name the first ten and count all`() async throws {
        let world = try await LedgerWorld()
        let certificates = (0..<25).map { ("/pki/\($0).pem", [world.certificate(UInt32($0), daysLeft: Int64($0 + 1))]) }
        try await world.see(Dictionary(uniqueKeysWithValues: certificates))
        _ = try await world.ledger.decideSummary(plan: Self.plan(world), at: world.time.now)
        let facts = try #require(try await Self.taken(world).compactMap(\.summaryFacts).first)
        #expect(facts.endingCount == 25 && facts.endings.count == SummaryFacts.listLimit)
        #expect(facts.endings.map(\.expiry) == facts.endings.map(\.expiry).sorted())
    }

    @Test func `it is foreseen`() async throws {
        let world = try await LedgerWorld()
        let plan = Self.plan(world)
        let start = world.time.now
        #expect(try await world.ledger.nextSummaryDue(plan: world.plan, at: start) == nil)
        #expect(try await world.ledger.nextSummaryDue(plan: plan, at: start) == start)
        _ = try await world.ledger.decideSummary(plan: plan, at: start)
        #expect(try await world.ledger.nextSummaryDue(plan: plan, at: start) == start + .days(7))
    }
}
