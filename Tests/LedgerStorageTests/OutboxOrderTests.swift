import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Problems that random schedules have found (OutboxTortureTests), each as one example.
struct OutboxOrderTests {
    private static let stage30 = "expiring 2592000"
    private static let stage14 = "expiring 1209600"

    @Test func `what was superseded while it was on its way is taken back by a renewal all the same`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        let claim = try #require(try await world.claim())
        world.time.advance(by: .days(10))
        try await world.pass()
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        #expect(try await world.deliver() == [], "the first is still on its way")
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `while one message about a certificate is on its way no other is sent`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        let slow = try #require(try await world.claim())
        world.time.advance(by: .days(10))
        try await world.pass()
        #expect(try await world.claim() == nil)
        try await world.ledger.settle(slow, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == [Self.stage14])
    }

    @Test func `what a renewal has overtaken is not sent again when its sender is dead`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        _ = try #require(try await world.claim(bootSeconds: 0))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        let next = try #require(try await world.claim(bootSeconds: 61))
        #expect(next.identities.map(\.kind) == [.renewed], "the dead sender's message may have arrived")
        #expect(try await world.attempts() == ["unknown", "-"])
    }

    @Test func `an attempt that was given up stays unknown, whatever is heard of it later`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let slow = try #require(try await world.claim(bootSeconds: 0))
        let quick = try #require(try await world.claim(bootSeconds: 61))
        for claim in [quick, slow] {
            try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        }
        #expect(try await world.attempts() == ["unknown", "delivered"])
    }

    @Test func `an acceptance that comes late leaves no attempt without an end`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let slow = try #require(try await world.claim(bootSeconds: 0))
        _ = try #require(try await world.claim(bootSeconds: 61))
        try await world.ledger.settle(slow, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.attempts() == ["unknown", "unknown"])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 0)
    }

    @Test func `a receiver's wish to be left alone outlives what another sender was told`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 10)], "b.pem": [world.certificate(2, daysLeft: 9)],
            "c.pem": [world.certificate(3, daysLeft: 8)],
        ])
        let taken = try #require(try await world.claim())
        let refused = try #require(try await world.claim())
        let later = world.time.now + .hours(1)
        let tooMany = Settlement(
            outcome: .rejected, consequence: .retry(later), evidence: .busy(.hours(1)), status: 429, detail: "HTTP 429",
            milliseconds: 1)
        try await world.ledger.settle(refused, with: tooMany, at: world.time.now)
        try await world.ledger.settle(taken, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.claim() == nil)
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver().count == 2)
    }

    @Test func `what was under way when the gate closed does not close it for longer`() async throws {
        let world = try await LedgerWorld()
        for seed in 1...6 as ClosedRange<UInt32> {
            try await world.see(["\(seed).pem": [world.certificate(seed, daysLeft: 10)]])
        }
        var claims: [Claim] = []
        while let claim = try await world.claim() { claims.append(claim) }
        for claim in claims {
            try await world.ledger.settle(
                claim, with: world.settlement(.notSent, .retry(world.time.now), .unreachable), at: world.time.now)
        }
        #expect(claims.count == 6)
        world.time.advance(by: TimeSpan(seconds: 5))
        #expect(try await world.claim() != nil, "six connections refused at once are one outage")
    }

    @Test func `a receiver that failed is tried with one message, and then with all`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 10)], "b.pem": [world.certificate(2, daysLeft: 9)],
        ])
        try await world.deliver(as: .notSent, evidence: .unreachable)
        world.time.advance(by: TimeSpan(seconds: 5))
        let probe = try #require(try await world.claim())
        #expect(try await world.claim() == nil, "half open")
        try await world.ledger.settle(probe, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver().count == 1)
    }

    @Test func `the end is told for as long as the trouble would have been`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 29)]])
        try await world.deliver()
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        world.time.advance(by: .days(35))
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `what was seen before another run recorded is not recorded after it`() async throws {
        let world = try await LedgerWorld()
        let old = world.certificate(1, daysLeft: 10)
        try await world.see(["a.pem": [old]])
        try await world.deliver()
        let seenBefore = try await world.ledger.revision(of: world.source)
        world.time.advance(by: .hours(1))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 900)]])
        let stale = PathChange.read(FilePath("a.pem"), changeKey: [1], sightings: [.read(old)], defects: [])
        await #expect(throws: StaleObservation.self) {
            try await world.ledger.record(
                [stale], of: world.source, since: seenBefore, plan: world.plan, at: world.time.now)
        }
        #expect(try await world.deliver() == ["renewed -1"])
        #expect(try await world.ledger.openFindings().isEmpty)
    }
}

extension LedgerWorld {
    /// The outcomes of all attempts in order; `-` for none yet.
    fileprivate func attempts() async throws -> [String] {
        try await engine.read { session in
            try session.query("SELECT outcome FROM attempts ORDER BY delivery_id, number") { $0.text(0) ?? "-" }
        }
    }
}
