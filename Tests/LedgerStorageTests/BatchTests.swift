import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Several notices in one message.
struct BatchTests {
    private static let pair = Batching(moreThan: 1, atMost: 10)

    /// A world in which three certificates are in their last stage before expiry.
    private func storm() async throws -> LedgerWorld {
        let world = try await LedgerWorld()
        try await world.see(
            Dictionary(uniqueKeysWithValues: (1...3).map { ("\($0).pem", [world.certificate($0, daysLeft: 10)]) }))
        return world
    }

    @Test func `more than the threshold go together, and each is settled`() async throws {
        let world = try await storm()
        let claim = try #require(try await world.claim(batching: Self.pair))
        #expect(claim.identities.count == 3)
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliveries().map(\.state) == [.delivered, .delivered, .delivered])
        #expect(Set(try await world.deliveries().map(\.messageIdentifier)).count == 1)
        #expect(try await world.claim(batching: Self.pair) == nil)
    }

    @Test func `up to the threshold each goes alone, and no message is larger than the limit`() async throws {
        let world = try await storm()
        let alone = try #require(try await world.claim(batching: Batching(moreThan: 3, atMost: 10)))
        #expect(alone.identities.count == 1)
        try await world.ledger.settle(alone, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.claim(batching: Batching(moreThan: 1, atMost: 2))?.identities.count == 2)
    }

    @Test func `a repeat is the same message`() async throws {
        let world = try await storm()
        let first = try #require(try await world.claim(batching: Self.pair))
        let retry = Settlement.Consequence.retry(world.time.now + TimeSpan(seconds: 5))
        try await world.ledger.settle(first, with: world.settlement(.unknown, retry), at: world.time.now)
        #expect(try await world.claim(batching: Self.pair) == nil)
        try await world.see(["4.pem": [world.certificate(4, daysLeft: 10)]])
        world.time.advance(by: TimeSpan(seconds: 5))
        let messages = try await world.claims(batching: Self.pair)
        #expect(messages.map(\.identities.count).sorted() == [1, 3])
        let second = try #require(messages.first { $0.identities.count == 3 })
        #expect(second.message == first.message && second.attempt == 2 && second.mayBeDuplicate)
    }

    @Test func `a part that was renewed before it arrived is not told, and the others go on`() async throws {
        let world = try await storm()
        let first = try #require(try await world.claim(batching: Self.pair))
        try await world.ledger.settle(
            first, with: world.settlement(.notSent, .retry(world.time.now)), at: world.time.now)
        try await world.see(["1.pem": [world.certificate(9, daysLeft: 900)]])
        let second = try #require(try await world.claim(batching: Self.pair))
        #expect(second.identities.count == 2 && second.message.identifier != first.message.identifier)
        try await world.ledger.settle(second, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.claim(batching: Self.pair) == nil, "nobody was told of the renewed one")
        #expect(try await world.deliveries().map(\.state) == [.cancelled, .delivered, .delivered])
    }

    @Test func `of a part that may have arrived and was renewed the end is told`() async throws {
        let world = try await storm()
        let first = try #require(try await world.claim(batching: Self.pair))
        try await world.ledger.settle(
            first, with: world.settlement(.unknown, .retry(world.time.now)), at: world.time.now)
        try await world.see(["1.pem": [world.certificate(9, daysLeft: 900)]])
        let kinds = try await world.claims(batching: Self.pair).flatMap(\.identities).map(\.kind)
        #expect(kinds.sorted { $0.rawValue < $1.rawValue } == [.expiring, .expiring, .renewed])
    }

    @Test func `a sender that died leaves all parts unknown, and the message is taken over whole`() async throws {
        let world = try await storm()
        let dead = try #require(try await world.claim(batching: Self.pair))
        let taken = try #require(try await world.claim(bootSeconds: 61, batching: Self.pair))
        #expect(taken.message == dead.message && taken.identities == dead.identities && taken.mayBeDuplicate)
        let outcomes = try await world.deliveries().map { $0.attempts.map { $0.outcome } }
        #expect(outcomes == [[.unknown, nil], [.unknown, nil], [.unknown, nil]])
        try await world.ledger.settle(dead, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(
            try await world.deliveries().allSatisfy { $0.state == .delivered }, "an acceptance counts, however late")
    }

    @Test func `what is refused together goes on one by one`() async throws {
        let world = try await storm()
        let claim = try #require(try await world.claim(batching: Self.pair))
        try await world.ledger.settle(claim, with: world.settlement(.rejected, .split), at: world.time.now)
        #expect(try await world.claims(batching: Self.pair).map(\.identities.count) == [1, 1, 1])
    }

    @Test func `what is refused as it is goes once more in the fewest words, under an id of its own`() async throws {
        let world = try await storm()
        let claim = try #require(try await world.claim(batching: Self.pair))
        try await world.ledger.settle(claim, with: world.settlement(.rejected, .simplify), at: world.time.now)
        let second = try #require(try await world.claim(batching: Self.pair))
        #expect(second.message.isMinimal && second.message.identifier == claim.message.identifier + "m")
        let later = world.time.now + .hours(12)
        try await world.ledger.settle(second, with: world.settlement(.rejected, .park(later)), at: world.time.now)
        world.time.advance(by: .hours(12))
        #expect(try await world.claim(batching: Self.pair)?.message == second.message)
    }

    @Test func `ends are told one by one where each ends an incident`() async throws {
        let world = try await storm()
        let terms = Batching(moreThan: 1, atMost: 10, sparesResolutions: true)
        let claim = try #require(try await world.claim(batching: terms))
        #expect(claim.identities.count == 3)
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        try await world.see(
            Dictionary(uniqueKeysWithValues: (1...3).map { ("\($0).pem", [world.certificate($0 + 10, daysLeft: 900)]) })
        )
        #expect(try await world.claims(batching: terms).map(\.identities.count) == [1, 1, 1])
    }

    @Test func `a subject of which something is on its way waits`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "1.pem": [world.certificate(1, daysLeft: 20)], "2.pem": [world.certificate(2, daysLeft: 100)],
            "3.pem": [world.certificate(3, daysLeft: 100)],
        ])
        _ = try #require(try await world.claim())
        world.time.advance(by: .days(86))
        try await world.pass()
        #expect(try await world.claim(batching: Self.pair)?.identities.count == 2)
    }

    @Test(arguments: [false, true])
    func `what may have arrived waits for a person's word where that is wanted`(senderDies: Bool) async throws {
        let world = try await LedgerWorld()
        try await world.see(["1.pem": [world.certificate(1, daysLeft: 10)]])
        let claim = try #require(try await world.claim(holdsUnknown: true))
        if !senderDies {
            try await world.ledger.settle(claim, with: world.settlement(.unknown, .hold), at: world.time.now)
        }
        world.time.advance(by: .hours(30))
        try await world.ledger.tidyOutbox(longestWait: .hours(24), at: world.time.now)
        try await world.reconcile([("ops", [1])])
        #expect(try await world.claim(bootSeconds: 61, holdsUnknown: true) == nil)
        let held = try #require(try await world.deliveries().first)
        #expect(held.state == .unknown && held.waitsForWord && held.nextAttempt == nil)
        #expect(held.reason?.contains("notafter deliveries retry") == true)
        #expect(try await world.ledger.retryDelivery(held.id, at: world.time.now) == .done)
        #expect(try await world.claim(bootSeconds: 61, holdsUnknown: true)?.message == claim.message)
    }
}

extension LedgerWorld {
    fileprivate func deliveries() async throws -> [DeliveryRecord] {
        try await ledger.deliveries(in: DeliveryState.allCases)
    }

    /// All due messages, each settled as delivered.
    fileprivate func claims(batching: Batching) async throws -> [Claim] {
        var claims: [Claim] = []
        while let claim = try await claim(batching: batching) {
            claims.append(claim)
            try await ledger.settle(claim, with: settlement(.delivered, .delivered), at: time.now)
        }
        return claims
    }
}
