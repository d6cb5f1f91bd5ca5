import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// A certificate that disappears and returns.
struct FlappingTests {
    private static let stage14 = "expiring 1209600"

    @Test func `what flips to and fro is told of once a day`() async throws {
        let world = try await LedgerWorld()
        let (old, new) = (world.certificate(1, daysLeft: 10), world.certificate(2, daysLeft: 900))
        var told: [String] = []
        for hour in 0..<72 {
            try await world.see(["a.pem": [hour.isMultiple(of: 2) ? old : new]])
            told += try await world.deliver()
            world.time.advance(by: .hours(1))
        }
        #expect((2...3).contains(told.count { $0 == Self.stage14 }))
        #expect((1...3).contains(told.count { $0.hasPrefix("renewed") }))
        #expect(told.count { $0.hasPrefix("finding ") } <= 3, "\(told)")
        #expect(told.count <= 12, "\(told)")
    }

    @Test func `what is back for good is told of a day later, not never`() async throws {
        let world = try await LedgerWorld()
        let (old, new) = (world.certificate(1, daysLeft: 10), world.certificate(2, daysLeft: 900))
        for certificate in [old, new, old] {
            try await world.see(["a.pem": [certificate]])
            try await world.deliver()
            world.time.advance(by: .hours(1))
        }
        world.time.advance(by: .hours(20))
        try await world.pass()
        #expect(try await world.deliver() == [])
        world.time.advance(by: .hours(2))
        try await world.pass()
        #expect(try await world.deliver() == [Self.stage14])
    }

    @Test func `what was told before it was back is ended, also when nothing was told since`() async throws {
        let quiet = Registration(name: "quiet", role: .client, thresholds: [])
        let elsewhere = SourceKey(kind: .file, registration: "quiet", place: "/quiet")
        let world = try await LedgerWorld(others: [quiet])
        let (old, new) = (world.certificate(1, daysLeft: 20), world.certificate(2, daysLeft: 900))
        try await world.see(["a.pem": [old]])
        #expect(try await world.deliver() == ["expiring 2592000"])
        world.time.advance(by: .days(2))
        try await world.see(["a.pem": [new]])
        // Its end is not sent yet when it returns to a registration without a threshold for its stage.
        try await world.see(["b.pem": [old]], in: elsewhere)
        #expect(try await world.deliver().isEmpty)
        try await world.see(["b.pem": [new]], in: elsewhere)
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `the end of what is back is told no more`() async throws {
        let world = try await LedgerWorld()
        let (old, new) = (world.certificate(1, daysLeft: 20), world.certificate(2, daysLeft: 900))
        try await world.see(["a.pem": [old]])
        try await world.deliver()
        world.time.advance(by: .days(2))
        try await world.see(["a.pem": [new]])
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .days(1)))
        try await world.see(["a.pem": [old]])
        world.time.advance(by: .days(2))
        let told = try await world.deliver()
        #expect(told.contains("expiring 2592000"))
        #expect(!told.contains("renewed -1"), "it would be taken for the end of what is now")
    }
}

/// The effect of a change of thresholds on notices (docs/promises.md has the table).
struct ThresholdChangeTests {
    private static let stage30 = "expiring 2592000"
    private static let stage14 = "expiring 1209600"

    private func plan(_ days: Int64...) -> WatchPlan {
        WatchPlan(
            registrations: [
                Registration(name: "fleet", role: .client, thresholds: days.map { Threshold.span(.days($0)) })
            ], route: Route(receivers: ["ops"]))
    }

    private func reload(_ world: LedgerWorld, _ plan: WatchPlan) async throws {
        try await world.ledger.reconcile(sources: [world.source], plan: plan, at: world.time.now)
        _ = try await world.ledger.decideDue(plan: plan, at: world.time.now)
    }

    private func world(daysLeft: Int64) async throws -> LedgerWorld {
        let world = try await LedgerWorld()
        try await world.ledger.reconcile(sources: [world.source], plan: world.plan, at: world.time.now)
        try await world.see(["a.pem": [world.certificate(1, daysLeft: daysLeft)]])
        return world
    }

    @Test func `a threshold above one that was told is silent`() async throws {
        let world = try await world(daysLeft: 10)
        #expect(try await world.deliver() == [Self.stage14])
        try await reload(world, plan(60, 30, 14))
        #expect(try await world.deliver() == [])
    }

    @Test func `a threshold that lies behind and is more urgent than what was told is told at once`() async throws {
        let world = try await world(daysLeft: 20)
        #expect(try await world.deliver() == [Self.stage30])
        try await reload(world, plan(30, 25, 14))
        #expect(try await world.deliver() == ["expiring 2160000"])
    }

    @Test func `of a threshold that is removed what waits is cancelled, with a reason`() async throws {
        let world = try await world(daysLeft: 20)
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(1)))
        try await reload(world, plan(14))
        world.time.advance(by: .hours(2))
        #expect(try await world.deliver() == [])
        #expect(try await world.reasons() == ["cancelled: its threshold was taken out of the configuration"])
    }

    @Test func `a threshold that comes back tells what was cancelled with it`() async throws {
        let world = try await world(daysLeft: 20)
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(1)))
        try await reload(world, plan(14))
        try await reload(world, plan(30, 14))
        #expect(try await world.deliver() == [Self.stage30])
    }

    @Test func `what was told of a threshold that is removed stays told, and is taken back by a renewal`() async throws
    {
        let world = try await world(daysLeft: 20)
        #expect(try await world.deliver() == [Self.stage30])
        try await reload(world, plan(14))
        try await reload(world, plan(30, 14))
        #expect(try await world.deliver() == [])
        try await reload(world, plan(14))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `what is on its way while its threshold is removed is taken back by a renewal`() async throws {
        let world = try await world(daysLeft: 20)
        let claim = try #require(try await world.claim())
        try await reload(world, plan(14))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == ["renewed -1"])
    }
}

extension LedgerWorld {
    /// The states of all deliveries with their reasons.
    fileprivate func reasons() async throws -> [String] {
        try await engine.read { session in
            try session.query("SELECT state, reason FROM deliveries ORDER BY id") {
                [$0.text(0), $0.text(1)].compactMap(\.self).joined(separator: ": ")
            }
        }
    }
}
