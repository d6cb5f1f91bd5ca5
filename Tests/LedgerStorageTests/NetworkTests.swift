import Certificates
import ExpiryRules
import LedgerStorage
import Testing

/// Notices about endpoints, and about the network between them and this machine.
struct NetworkTests {
    private static let noContact = ["unreachable", "timeout"]

    private func look(_ world: LedgerWorld, _ verdicts: [String: String]) async throws {
        let sights = verdicts.sorted { $0.key < $1.key }.map { name, verdict in
            EndpointSight(
                name: name, url: "https://\(name)/", verdict: verdict, state: verdict == "enforced" ? .well : .failing,
                trouble: verdict == "enforced"
                    ? nil
                    : Finding(
                        registration: name, code: .endpointFailing, place: name, severity: .critical,
                        facts: .recorded(verdict)),
                hysteresis: Hysteresis(failuresBeforeAlert: 1, successesBeforeResolve: 1), report: "{}")
        }
        _ = try await world.ledger.record(sights, plan: world.plan, at: world.time.now)
    }

    private func judge(_ world: LedgerWorld, _ contact: ReceiverContact) async throws {
        _ = try await world.ledger.reviewNetwork(
            contact, unreached: Self.noContact, plan: world.plan, at: world.time.now)
    }

    private func seesItselfCutOff(_ world: LedgerWorld) async throws -> Bool {
        try await world.ledger.isCutOff(unreached: Self.noContact, plan: world.plan, at: world.time.now)
    }

    /// The subjects of the messages that are sent while these endpoints are not probed yet.
    private func told(
        _ world: LedgerWorld, unprobed: Set<String>, batching: Batching? = nil
    ) async throws -> [String] {
        var told: [String] = []
        while let claim = try await world.claim(batching: batching, unprobed: unprobed) {
            told += claim.identities.map(\.subject.text)
            try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        }
        return told
    }

    private func subject(_ endpoint: String) -> String { "finding:\(endpoint):endpoint_failing:\(endpoint)" }

    @Test func `what waits about an endpoint is told when it was probed, and not at all when it is well by then`()
        async throws
    {
        let world = try await LedgerWorld()
        try await look(world, ["api": "unreachable", "web": "unreachable"])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let first = try await told(world, unprobed: ["api", "web"])
        #expect(first.count == 1 && first[0].hasPrefix("certificate:"), "what endpoints have no part in goes on")
        try await look(world, ["api": "enforced", "web": "timeout"])
        #expect(try await told(world, unprobed: []) == [subject("web")])
        try await look(world, ["web": "enforced"])
        #expect(try await told(world, unprobed: ["web"]) == [], "so with its end")
        #expect(try await told(world, unprobed: ["api"]) == [subject("web")])
    }

    @Test func `a digest waits for the endpoints that it tells of`() async throws {
        let world = try await LedgerWorld()
        let batching = Batching(moreThan: 1, atMost: 10)
        try await look(world, ["api": "unreachable"])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let claim = try #require(try await world.claim(batching: batching))
        #expect(claim.identities.count == 2)
        let failed = world.settlement(.unknown, .retry(world.time.now))
        try await world.ledger.settle(claim, with: failed, at: world.time.now)
        #expect(try await told(world, unprobed: ["api"], batching: batching) == [])
        #expect(try await told(world, unprobed: [], batching: batching).count == 2)
    }

    @Test(
        arguments: [
            (["a": "unreachable", "b": "timeout"], ReceiverContact.unreached, true),
            (["a": "unreachable", "b": "timeout"], .reached, false),
            (["a": "unreachable", "b": "timeout"], .untried, false),
            (["a": "unreachable", "b": "refused_ours"], .unreached, false),
            (["a": "unreachable", "b": "enforced"], .unreached, false),
            (["a": "unreachable"], .unreached, false),
            ([:], .unreached, false),
        ] as [([String: String], ReceiverContact, Bool)])
    func `this machine is cut off when all endpoints and receivers are out of reach at once`(
        verdicts: [String: String], contact: ReceiverContact, isCutOff: Bool
    ) async throws {
        let world = try await LedgerWorld()
        try await look(world, verdicts)
        try await judge(world, contact)
        #expect(try await seesItselfCutOff(world) == isCutOff)
        #expect(
            try await world.ledger.openFindings().filter { $0.code == .networkUnreachable }.count == (isCutOff ? 1 : 0))
    }

    @Test func `when an endpoint is reached again, what waits for the receivers is due at once`() async throws {
        let world = try await LedgerWorld()
        try await look(world, ["a": "unreachable", "b": "unreachable"])
        try await judge(world, .unreached)
        let claim = try #require(try await world.claim(unprobed: ["a", "b"]))
        let failed = world.settlement(.notSent, .retry(world.time.now + .hours(5)), .unreachable)
        try await world.ledger.settle(claim, with: failed, at: world.time.now)
        try await judge(world, .unreached)
        #expect(try await told(world, unprobed: ["a", "b"]) == [], "the gate is closed")

        try await look(world, ["a": "enforced"])
        try await judge(world, .untried)
        #expect(
            try await world.ledger.openFindings().contains { $0.code == .networkUnreachable },
            "the finding stands until somebody was told")
        #expect(try await !seesItselfCutOff(world))
        #expect(
            try await told(world, unprobed: []).sorted()
                == [subject("b"), "finding:notafter:network_unreachable:network"])
        try await judge(world, .reached)
        #expect(try await told(world, unprobed: []) == ["finding:notafter:network_unreachable:network"], "its end")
        #expect(try await !world.ledger.openFindings().contains { $0.code == .networkUnreachable })
    }

    @Test(arguments: [(ReceiverContact.reached, "unreachable"), (.untried, "enforced"), (.unreached, "refused_ours")])
    func `that is over when an endpoint or a receiver is reached`(contact: ReceiverContact, verdict: String)
        async throws
    {
        let world = try await LedgerWorld()
        try await look(world, ["a": "unreachable", "b": "unreachable"])
        try await judge(world, .unreached)
        try await judge(world, .unreached)
        try await judge(world, .untried)
        #expect(try await seesItselfCutOff(world))
        #expect(try await told(world, unprobed: ["a", "b"]) == ["finding:notafter:network_unreachable:network"])
        try await look(world, ["b": verdict])
        try await judge(world, contact)
        #expect(try await !seesItselfCutOff(world))
    }
}
