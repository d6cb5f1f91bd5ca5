import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The receivers of notices, by the ledger's own transactions.
struct RoutingTests {
    private static let edge = Registration(
        name: "edge", role: .client, owner: "edge team", labels: ["team": "edge"], thresholds: [.span(.days(30))])
    private static let core = Registration(
        name: "core", role: .client, owner: "core team", labels: ["team": "core"], thresholds: [.span(.days(7))])
    private let edgeSource = SourceKey(kind: .file, registration: "edge", place: "/edge")
    private let coreSource = SourceKey(kind: .file, registration: "core", place: "/core")

    private static func rule(_ matchers: String..., to receivers: [String]) throws -> Route.Rule {
        Route.Rule(try NoticeMatchers(parsing: matchers), receivers: receivers)
    }

    private static func route(rest: [String] = ["ops"]) throws -> Route {
        Route(
            receivers: rest,
            rules: [
                try rule("label.team=edge", to: ["edge-chat"]), try rule("owner=core team", to: ["core-chat"]),
            ])
    }

    private func world(_ route: Route, _ registrations: [Registration] = [edge, core]) async throws -> LedgerWorld {
        try await LedgerWorld(receivers: ["ops", "edge-chat", "core-chat"], others: registrations, route: route)
    }

    /// The messages that are sent to each receiver now.
    private func sent(_ world: LedgerWorld) async throws -> [String: [String]] {
        var sent: [String: [String]] = [:]
        for receiver in ["ops", "edge-chat", "core-chat"] {
            let messages = try await world.deliver(to: receiver)
            if !messages.isEmpty { sent[receiver] = messages }
        }
        return sent
    }

    @Test func `each registration's people hear of theirs, and the rest of what is nobody's`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.see(["f.pem": [world.certificate(2, daysLeft: 10)]])
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"], "ops": ["expiring 1209600"]])
    }

    @Test func `findings are routed by their code, and by whose they are`() async throws {
        var rules = try Self.route().rules
        rules.insert(try Self.rule("code=lost_from_sight", "registration=core", to: ["core-chat"]), at: 0)
        let world = try await world(Route(receivers: ["ops"], rules: rules))
        for source in [edgeSource, coreSource, world.source] {
            try await world.see(["a.pem": [world.certificate(1, daysLeft: 100)]], in: source)
            try await world.pass([], source, outcome: .lost(Defect(.readFailed, "gone")))
        }
        #expect(
            try await sent(world) == ["ops": ["finding -1"], "edge-chat": ["finding -1"], "core-chat": ["finding -1"]])
    }

    @Test func `severity chooses as well`() async throws {
        let rules = [try Self.rule("severity=critical", to: ["edge-chat"])]
        let world = try await world(Route(receivers: ["ops"], rules: rules))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        #expect(try await sent(world) == ["ops": ["expiring 2592000"]])
        world.time.advance(by: .days(10))
        try await world.pass()
        #expect(try await sent(world) == ["edge-chat": ["expiring 1209600"]])
    }

    @Test func `a certificate that two registrations see is told to the people of both`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 5)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        // The second registration's threshold of 7 days supersedes the first one's 30, which is still unsent.
        #expect(try await sent(world) == ["edge-chat": ["expiring 604800"], "core-chat": ["expiring 604800"]])
        world.time.advance(by: .days(6))
        try await world.pass([], edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["expired 0"], "core-chat": ["expired 0"]])
    }

    @Test func `a silence of one registration holds nothing from the people of another`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 5)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        try await world.silence("registration=core", for: .days(1))
        #expect(try await sent(world) == ["edge-chat": ["expiring 604800"]])
        world.time.advance(by: .days(1))
        #expect(try await sent(world) == ["core-chat": ["expiring 604800"]])
    }

    @Test func `who hears on behalf of several is silenced when all of them are`() async throws {
        let pair = ["edge", "core"].map { Registration(name: $0, role: .client, thresholds: [.span(.days(7))]) }
        let world = try await world(Route(receivers: ["ops"]), pair)
        let certificate = world.certificate(1, daysLeft: 5)
        try await world.silence("registration=core", for: .days(2))
        try await world.see(["c.pem": [certificate]], in: coreSource)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.silence("registration=edge", for: .days(1))
        #expect(try await sent(world).isEmpty)
        world.time.advance(by: .days(1))
        #expect(try await sent(world) == ["ops": ["expiring 604800"]])
    }

    @Test func `a registration that comes later has its people told of the stage that stands`() async throws {
        let late = Registration(name: "core", role: .client, owner: "core team", thresholds: [.span(.days(30))])
        let world = try await world(Self.route(), [Self.edge, late])
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"]])
        world.time.advance(by: .days(3))
        try await world.see(["c.pem": [certificate]], in: coreSource)
        #expect(try await sent(world) == ["core-chat": ["expiring 2592000"]])
        try await world.see(["moved.pem": [certificate]], in: coreSource)
        #expect(try await sent(world) == [:])
    }

    @Test func `a registration that asks for no stage yet has nobody told`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"]])
    }

    @Test func `who asked for a stage that passed unseen hears of the one that is told instead`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 100)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        world.time.advance(by: .days(95))
        try await world.pass([], edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["expiring 604800"], "core-chat": ["expiring 604800"]])
    }

    @Test func `who has not heard of a milder stage hears of the one that supersedes it`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        try await world.deliver(to: "edge-chat", as: .notSent, then: .retry(world.time.now + .days(14)))
        world.time.advance(by: .days(14))
        try await world.pass([], edgeSource)
        // The others are notified that it had not got the notice when the next stage began.
        #expect(
            try await sent(world) == [
                "ops": ["finding -1"], "edge-chat": ["expiring 604800"], "core-chat": ["expiring 604800"],
            ])
    }

    @Test func `the end is told to those who were told, whatever the routes say by then`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        #expect(try await sent(world).keys.sorted() == ["edge-chat"])
        try await world.reconcile(
            [("ops", [0]), ("edge-chat", [0]), ("core-chat", [0])], route: Route(receivers: ["ops"]))
        try await world.see(["e.pem": [world.certificate(2, daysLeft: 400)]], in: edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["renewed -1"]])
    }

    // MARK: Changes of the routes

    private let all: [(String, [UInt8])] = [("ops", [0]), ("edge-chat", [0]), ("core-chat", [0])]

    @Test func `what is unsent goes to whom changed routes name, and to nobody else`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.deliver(to: "edge-chat", as: .notSent, then: .retry(world.time.now + .hours(9)))
        try await world.reconcile(all, route: Route(receivers: ["ops"]))
        #expect(try await sent(world) == ["ops": ["expiring 2592000"]])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 0)
        let reasons = try await world.ledger.deliveries(in: [.cancelled]).map(\.reason)
        #expect(reasons == ["the routes name other receivers for it by now"])
    }

    @Test func `routes that are put back send what they had cancelled`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.reconcile(all, route: Route(receivers: ["ops"]))
        try await world.reconcile(all, route: Self.route())
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"]])
    }

    @Test func `a receiver that is taken out and put back is sent what waited`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.reconcile([("ops", [0]), ("core-chat", [0])], route: Route(receivers: []))
        #expect(try await world.deliver(to: "edge-chat") == [])
        try await world.reconcile(all, route: Self.route())
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"]])
    }

    @Test func `what somebody has heard is told to nobody else when routes change`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        _ = try await sent(world)
        try await world.reconcile(all, route: Route(receivers: ["ops"]))
        #expect(try await sent(world) == [:])
    }

    @Test func `reminders go to those who ask for them, in whosever stage it is`() async throws {
        let edge = Registration(
            name: "edge", role: .client, labels: ["team": "edge"], thresholds: [.span(.days(30))],
            reminders: ReminderSchedule(every: .days(1)))
        let core = Registration(name: "core", role: .client, owner: "core team", thresholds: [.span(.days(7))])
        let world = try await world(Self.route(), [edge, core])
        let certificate = world.certificate(1, daysLeft: 6)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["expiring 604800"], "core-chat": ["expiring 604800"]])
        world.time.advance(by: .days(2))
        try await world.pass([], edgeSource)
        #expect(try await sent(world) == ["edge-chat": ["expiring 604800"]])
    }

    @Test func `changed routes leave it to whom asked for a milder stage and has not heard`() async throws {
        let world = try await world(Self.route())
        let certificate = world.certificate(1, daysLeft: 5)
        try await world.see(["c.pem": [certificate]], in: coreSource)
        #expect(try await world.deliver(to: "core-chat") == ["expiring 604800"])
        try await world.see(["e.pem": [certificate]], in: edgeSource)
        let more = try Self.rule("code=went_backwards", to: ["ops"])
        let rules = try Self.route().rules + [more]
        try await world.reconcile(all, route: Route(receivers: ["ops"], rules: rules))
        #expect(try await world.deliver(to: "edge-chat") == ["expiring 604800"])
    }

    @Test func `the end of what a receiver was told is not kept for it when it is a receiver no more`() async throws {
        let world = try await world(Route(receivers: ["ops", "core-chat"]))
        let (old, new) = (world.certificate(1, daysLeft: 10), world.certificate(2, daysLeft: 900))
        try await world.see(["a.pem": [old]])
        _ = try await sent(world)
        try await world.reconcile([("ops", [0])], route: Route(receivers: ["ops"]))
        try await world.see(["a.pem": [new]])
        #expect(try await world.ledger.deliveries(in: [.pending]).map(\.receiver) == ["ops"])
    }

    @Test func `what is useful to nobody any more is told to no newcomer`() async throws {
        let world = try await world(Route(receivers: []))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: -100)]])
        world.time.advance(by: .days(10))
        try await world.pass()
        try await world.reconcile(all, route: Route(receivers: ["ops"]))
        #expect(try await world.ledger.deliveries(in: DeliveryState.allCases).isEmpty)
    }

    @Test func `a receiver that came later is told what stands when somebody asks for it`() async throws {
        let world = try await world(Self.route(), [Self.edge, Self.core])
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.see(["f.pem": [world.certificate(2, daysLeft: 10)]])
        _ = try await sent(world)
        let route = Route(receivers: ["ops", "edge-chat", "core-chat"])
        try await world.reconcile(all, route: route)
        #expect(try await sent(world) == [:])
        let plan = WatchPlan(registrations: world.plan.registrations, route: route)
        #expect(try await world.ledger.backfill("core-chat", plan: plan, at: world.time.now) == 2)
        #expect(try await world.ledger.backfill("core-chat", plan: plan, at: world.time.now) == 0)
        #expect(try await world.ledger.backfill("nobody", plan: plan, at: world.time.now) == nil)
        #expect(try await world.deliver(to: "core-chat").sorted() == ["expiring 1209600", "expiring 2592000"])
    }

    @Test func `another owner of a registration moves what is unsent`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        let moved = Registration(name: "edge", role: .client, owner: "core team", thresholds: Self.edge.thresholds)
        try await world.ledger.reconcileReceivers(
            all, plan: WatchPlan(registrations: [moved], route: Self.route()), at: world.time.now)
        #expect(try await sent(world) == ["core-chat": ["expiring 2592000"]])
    }

    @Test func `a newcomer is told only what the routes name it for`() async throws {
        let world = try await LedgerWorld(receivers: [], others: [Self.edge, Self.core])
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        try await world.see(["f.pem": [world.certificate(2, daysLeft: 10)]])
        try await world.reconcile(all, route: Self.route())
        #expect(try await sent(world) == ["edge-chat": ["expiring 2592000"], "ops": ["expiring 1209600"]])
    }

    @Test func `a delivery says what named its receiver`() async throws {
        let world = try await world(Self.route())
        try await world.see(["e.pem": [world.certificate(1, daysLeft: 10)]], in: edgeSource)
        _ = try await sent(world)
        try await world.see(["e.pem": [world.certificate(2, daysLeft: 400)]], in: edgeSource)
        let deliveries = try await world.ledger.deliveries(in: DeliveryState.allCases)
        #expect(deliveries.map(\.namedBy) == ["route.rules[0] (label.team=edge)", "an earlier notice to it"])
    }
}
