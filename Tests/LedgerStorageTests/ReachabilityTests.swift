import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The receivers of notices about a receiver that accepts nothing.
struct ReachabilityTests {
    private func world(unreachableAfter: TimeSpan? = nil) async throws -> LedgerWorld {
        var route = Route(receivers: ["ops"], fallback: ["mail"])
        if let unreachableAfter { route.unreachableAfter = unreachableAfter }
        return try await LedgerWorld(receivers: ["ops", "mail"], route: route)
    }

    /// Days with one failed attempt each.
    private func fail(_ world: LedgerWorld, days: Int) async throws {
        for _ in 0..<days {
            try await tidy(world)
            try await world.deliver(as: .notSent)
            world.time.advance(by: .days(1))
        }
    }

    private func tidy(_ world: LedgerWorld) async throws {
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
    }

    private func finding(_ world: LedgerWorld) async throws -> Finding? {
        try await world.ledger.openFindings().first { $0.code == .receiverUnreachable }
    }

    @Test func `after a day without a delivery the fallback hears it, once`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await fail(world, days: 1)
        #expect(try await world.deliver(to: "mail") == [], "a night is none")
        try await fail(world, days: 4)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        let finding = try #require(try await finding(world))
        #expect(finding.place == "ops" && finding.severity == .critical)
        for part in [
            "ops has accepted nothing since 2027-01-15T08:00:00Z (not_sent)", "1 notice waits for it",
            "fleet: \"CN=sample-1\" (expiring 14d)", "test-notify",
        ] {
            #expect(finding.message.contains(part), "\(finding.message) lacks \(part)")
        }
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).unreachableReceivers == ["ops"])
    }

    @Test func `a gate that stays closed is no reason to be silent`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(12)))
        world.time.advance(by: .days(1))
        try await tidy(world)
        #expect(try await world.deliver(to: "mail") == ["finding -1"], "without another attempt")
    }

    @Test func `the attempt that finds it and what tells of it are one transaction`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver(as: .notSent)
        world.time.advance(by: .days(1))
        let claim = try #require(try await world.claim())
        #expect(try await finding(world) == nil)
        try await world.ledger.settle(
            claim, with: world.settlement(.notSent, .retry(world.time.now)), at: world.time.now)
        #expect(try await world.ledger.deliveries(in: [.pending]).map(\.receiver) == ["mail"])
    }

    @Test func `the next stage is news, in the transaction that decides it`() async throws {
        let world = try await world(unreachableAfter: .days(7))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 15)]])
        world.time.advance(by: .hours(12))
        try await world.deliver(as: .notSent)
        world.time.advance(by: .days(1))
        #expect(try await world.pass().map(\.summary) == ["expiring 14d"])
        #expect(try await world.ledger.deliveries(in: [.pending]).map(\.receiver).sorted() == ["mail", "ops"])
    }

    @Test func `what expires undelivered is told, and again when more expires`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await fail(world, days: 3)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        try await fail(world, days: 17)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        let finding = try #require(try await finding(world))
        #expect(finding.message.contains("no notice waits for it; 1 notice expired undelivered"), "\(finding.message)")
        // Nothing waits, which is not a recovery.
        try await fail(world, days: 5)
        #expect(try await self.finding(world) != nil)
        #expect(try await world.deliver(to: "mail") == [])
    }

    @Test func `it is over when something is taken`() async throws {
        let world = try await world()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 10)], "b.pem": [world.certificate(2, daysLeft: 9)],
        ])
        try await fail(world, days: 3)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        let claim = try #require(try await world.claim())
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await finding(world) == nil)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1"])
    }

    @Test func `one that takes something now and then is reachable`() async throws {
        let world = try await world()
        for day in 0..<6 {
            try await world.see(["\(day).pem": [world.certificate(UInt32(day), daysLeft: 10)]])
            let claim = try #require(try await world.claim())
            let isTaken = day % 2 == 0
            let settlement =
                isTaken
                ? world.settlement(.delivered, .delivered) : world.settlement(.unknown, .retry(world.time.now))
            try await world.ledger.settle(claim, with: settlement, at: world.time.now)
            world.time.advance(by: .hours(18))
            try await tidy(world)
        }
        #expect(try await world.deliver(to: "mail") == [])
    }

    @Test func `a renewal ends it where nothing was lost`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await fail(world, days: 3)
        try await world.deliver(to: "mail")
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        try await tidy(world)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1"])
    }

    @Test func `the time is what the configuration says, also when that changes`() async throws {
        let world = try await world(unreachableAfter: .days(5))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await fail(world, days: 4)
        #expect(try await world.deliver(to: "mail") == [])
        var route = Route(receivers: ["ops"], fallback: ["mail"])
        route.unreachableAfter = .hours(1)
        try await world.reconcile([("ops", [0]), ("mail", [0])], route: route)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
    }

    @Test func `one that is taken out of the configuration is no trouble any more`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await fail(world, days: 3)
        try await world.deliver(to: "mail")
        try await world.reconcile([("mail", [0])], route: Route(receivers: ["mail"]))
        #expect(try await finding(world) == nil)
        #expect(try await Set(world.deliver(to: "mail")) == ["finding_resolved -1", "expiring 1209600"])
    }

    @Test func `a fallback that is down as well makes no circle`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        for _ in 0..<30 {
            try await tidy(world)
            for receiver in ["ops", "mail"] { try await world.deliver(to: receiver, as: .notSent) }
            world.time.advance(by: .days(1))
        }
        let told = try await world.ledger.deliveries(in: DeliveryState.allCases).filter { delivery in
            delivery.identity.subject.findingCode == .receiverUnreachable
        }
        // Each gets one notice about the other, and the fallback one when the only notice expires.
        #expect(told.map(\.receiver).sorted() == ["mail", "mail", "ops"])
    }

    @Test func `a refusal is over only when something was taken, and not at each new stage`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 15)]])
        var told: [String] = []
        for _ in 0..<40 {
            try await world.pass()
            try await tidy(world)
            try await world.deliver(as: .rejected, then: .park(world.time.now + .hours(12)))
            told += try await world.deliver(to: "mail")
            world.time.advance(by: .days(1))
        }
        #expect(told.allSatisfy { $0 == "finding -1" }, "\(told)")
        let codes = try await world.ledger.openFindings().map(\.code)
        #expect(codes.contains(.receiverRefusing) && codes.contains(.receiverUnreachable))
        try await world.see(["b.pem": [world.certificate(2, daysLeft: 10)]])
        try await world.deliver()
        try await tidy(world)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1", "finding_resolved -1"])
    }
}
