import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The receivers of notices about a receiver that refuses messages.
struct FallbackTests {
    private let names = ["ops", "chat", "mail"]

    private func world(fallback: [String] = ["mail"], rest: [String] = ["ops"]) async throws -> LedgerWorld {
        try await LedgerWorld(receivers: names, route: Route(receivers: rest, fallback: fallback))
    }

    private func see(_ world: LedgerWorld, _ seeds: ClosedRange<UInt32>) async throws {
        for seed in seeds { try await world.see(["\(seed).pem": [world.certificate(seed, daysLeft: 10)]]) }
    }

    private func refuse(_ world: LedgerWorld, _ receiver: String = "ops") async throws {
        try await world.deliver(to: receiver, as: .rejected, then: .park(world.time.now + .hours(12)))
    }

    private func findings(_ world: LedgerWorld) async throws -> [Finding] {
        try await world.ledger.openFindings().filter { $0.code == .receiverRefusing }
    }

    @Test func `the fallback alone hears of a receiver that refuses, with what waits`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        #expect(try await world.deliver(to: "chat") == [])
        let claim = try #require(try await world.claim(for: "mail"))
        #expect(String(decoding: claim.body, as: UTF8.self) == "finding -1")
        let finding = try #require(try await findings(world).first)
        #expect(finding.registration == Finding.machine && finding.place == "ops" && finding.severity == .critical)
        for part in [
            "ops refuses", "(rejected)", "1 notice waits", "fleet: \"CN=sample-1\" (expiring 14d)", "deliveries retry",
        ] {
            #expect(finding.message.contains(part), "\(finding.message) lacks \(part)")
        }
        #expect(try await world.ledger.deliveries(in: [.sending]).map(\.namedBy) == ["route.fallback"])
    }

    @Test func `what we could not send is not said to be refused by the receiver`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await world.deliver(to: "ops", as: .notSent, then: .park(world.time.now + .hours(12)))
        let finding = try #require(try await findings(world).first)
        #expect(finding.message.hasPrefix("messages to the receiver ops cannot be sent (not_sent); 1 notice waits"))
    }

    @Test func `the refusal and what tells of it are one transaction`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        let claim = try #require(try await world.claim())
        let park = Settlement.Consequence.park(world.time.now + .hours(12))
        try await world.ledger.settle(claim, with: world.settlement(.rejected, park), at: world.time.now)
        #expect(try await world.ledger.deliveries(in: [.pending]).map(\.receiver) == ["mail"])
    }

    @Test func `it is over when nothing that was refused waits any more`() async throws {
        let world = try await world()
        try await see(world, 1...2)
        try await refuse(world)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        world.time.advance(by: .hours(12))
        let first = try #require(try await world.claim())
        try await world.ledger.settle(first, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await findings(world).count == 1)
        try await world.deliver()
        #expect(try await findings(world).isEmpty)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1"])
    }

    @Test func `a renewal can end it as well`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        try await world.deliver(to: "mail")
        try await world.see(["1.pem": [world.certificate(2, daysLeft: 400)]])
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1"])
    }

    @Test func `a refusal before the fallback has heard of it and that is over by then is told to nobody`() async throws
    {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        world.time.advance(by: .hours(12))
        try await world.deliver()
        #expect(try await world.deliver(to: "mail") == [])
    }

    @Test func `a thousand refusals are one message at once, and one an hour later`() async throws {
        let world = try await world()
        try await see(world, 1...30)
        var messages = 0
        while let claim = try await world.claim() {
            let park = Settlement.Consequence.park(world.time.now + .hours(12))
            try await world.ledger.settle(claim, with: world.settlement(.rejected, park), at: world.time.now)
            messages += try await world.deliver(to: "mail").count
        }
        #expect(messages == 1)
        world.time.advance(by: .hours(1))
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        let finding = try #require(try await findings(world).first)
        #expect(finding.message.contains("30 notices wait") && finding.message.contains("and 25 more"))
        world.time.advance(by: .hours(2))
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver(to: "mail") == [])
    }

    @Test func `what is refused again after 12 hours is no news`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        for _ in 0..<4 {
            try await refuse(world)
            world.time.advance(by: .hours(12))
            try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        }
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
    }

    @Test func `of a receiver that is gone, what is decided later is told as well`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await world.deliver(as: .rejected, then: .disable)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        world.time.advance(by: .hours(2))
        try await see(world, 2...2)
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        let finding = try #require(try await findings(world).first)
        #expect(finding.message.contains("ops answers that it is gone (rejected); 2 notices wait"))
    }

    @Test func `a receiver that is taken out of the configuration refuses nothing any more`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        try await world.deliver(to: "mail")
        try await world.reconcile(
            [("chat", [0]), ("mail", [0])], route: Route(receivers: ["chat"], fallback: ["mail"]))
        #expect(try await findings(world).isEmpty)
        #expect(try await world.deliver(to: "mail") == ["finding_resolved -1"])
        #expect(try await world.deliver(to: "chat") == ["expiring 1209600"])
    }

    @Test func `without a fallback the others hear that hear of the rest`() async throws {
        let world = try await world(fallback: [], rest: ["ops", "chat"])
        try await see(world, 1...1)
        try await refuse(world)
        #expect(try await world.deliver(to: "chat") == ["expiring 1209600", "finding -1"])
        #expect(try await world.deliver(to: "mail") == [])
    }

    @Test func `where nobody else is left, the finding stands and is told to nobody`() async throws {
        let world = try await world(fallback: [])
        try await see(world, 1...1)
        try await refuse(world)
        #expect(try await findings(world).map(\.place) == ["ops"])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 1)
    }

    @Test func `a fallback that refuses as well makes no circle`() async throws {
        let world = try await world()
        try await see(world, 1...3)
        for _ in 0..<20 {
            for receiver in names { try await refuse(world, receiver) }
            world.time.advance(by: .hours(12))
            try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        }
        #expect(try await findings(world).map(\.place) == ["mail", "ops"])
        // Three certificates and the fallback's finding wait for `ops`, and the finding about `ops` for the fallback.
        let open = try await world.ledger.deliveries(in: DeliveryState.allCases.filter(\.isOpen))
        #expect(open.map(\.receiver).sorted() == ["mail", "ops", "ops", "ops", "ops"])
        // Two further refused certificates caused one more notice. The findings about each other caused none.
        let told = try await world.ledger.deliveries(in: DeliveryState.allCases).map(\.identity)
        #expect(
            told.filter { $0.subject.findingCode == .receiverRefusing }.map(\.episode) == [
                0, 0, 1,
            ])
    }

    @Test func `what a silence holds is no refusal that stands`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        #expect(try await world.deliver(to: "mail") == ["finding -1"])
        try await world.silence("registration=fleet", for: .days(30))
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await findings(world).isEmpty)
    }

    @Test func `a fallback that is gone is represented by the rest`() async throws {
        let world = try await world(rest: ["ops", "chat"])
        try await world.pass([], outcome: .lost(Defect(.readFailed, "gone")))
        try await world.deliver(to: "chat")
        try await refuse(world)
        #expect(try await world.deliver(to: "mail", as: .rejected, then: .disable) == ["finding -1"])
        #expect(try await world.deliver(to: "chat") == ["finding -1"])
        try await see(world, 1...1)
        #expect(try await findings(world).map(\.place) == ["mail", "ops"])
    }

    @Test func `another fallback is told what the former one has not heard`() async throws {
        let world = try await world()
        try await see(world, 1...1)
        try await refuse(world)
        try await world.deliver(to: "mail", as: .notSent, then: .retry(world.time.now + .hours(9)))
        let moved = Route(receivers: ["ops"], fallback: ["chat"])
        try await world.reconcile(names.map { ($0, [0]) }, route: moved)
        #expect(try await world.deliver(to: "chat") == ["finding -1"])
        #expect(try await world.deliver(to: "mail") == [])
    }
}
