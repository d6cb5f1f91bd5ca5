import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Silences: notices are held, not lost.
struct SilenceTests {
    private func states(_ world: LedgerWorld) async throws -> [DeliveryState] {
        try await world.ledger.deliveries(in: DeliveryState.allCases).map(\.state)
    }

    @Test func `what is decided in a silence is told when it is over, once`() async throws {
        let world = try await LedgerWorld()
        let effect = try await world.silence("registration=fleet", for: .days(3))
        #expect(effect.heldDeliveries == 0)
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        #expect(try await world.deliver().isEmpty)
        let held = try #require(try await world.ledger.deliveries(in: [.pending]).first?.hold)
        #expect((held.silence, held.until) == (1, world.time.now + .days(3)))
        #expect((held.author, held.reason) == ("alice", "CHG-42"))
        world.time.advance(by: TimeSpan(seconds: 3 * 86_400 - 1))
        #expect(try await world.deliver().isEmpty)
        world.time.advance(by: TimeSpan(seconds: 1))
        #expect(try await world.deliver() == ["expiring 2592000"])
        #expect(try await world.deliver().isEmpty)
        #expect(try await world.ledger.deliveries(in: [.delivered]).map(\.hold) == [nil])
    }

    @Test func `a silence holds what waits in the outbox, and its end by hand lets go of that at once`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        let effect = try await world.silence("role=client", for: .days(3))
        #expect((effect.heldDeliveries, effect.certificates, effect.findings) == (1, 1, 0))
        #expect(try await world.deliver().isEmpty)
        #expect(try await world.expire(1) == .done(released: 1))
        #expect(try await world.deliver() == ["expiring 2592000"])
        #expect(try await world.expire(1) == .over(since: world.time.now))
        #expect(try await world.expire(2) == .unknown)
    }

    @Test func `what another silence matches stays held, until the last of them is over`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("role=client", for: .days(1))
        try await world.silence("registration=fle*", for: .days(3))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        #expect(try await world.deliver().isEmpty)
        #expect(try await world.ledger.silences().map(\.heldDeliveries) == [0, 1])
        #expect(try await world.expire(2) == .done(released: 0))
        #expect(try await world.deliver().isEmpty)
        world.time.advance(by: .days(1))
        #expect(try await world.deliver() == ["expiring 2592000"])
    }

    @Test func `what somebody who is not silenced sees as well is let go`() async throws {
        let core = Registration(name: "core", role: .client)
        let world = try await LedgerWorld(others: [core])
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.silence("registration=fleet", for: .days(30))
        try await world.see(["a.pem": [certificate]])
        #expect(try await world.deliver().isEmpty)
        let source = SourceKey(kind: .file, registration: "core", place: "/core")
        try await world.see(["c.pem": [certificate]], in: source)
        try await world.ledger.reviewSilences(plan: world.plan, at: world.time.now)
        #expect(try await world.deliver() == ["expiring 2592000"])
    }

    @Test func `others hear as before`() async throws {
        let world = try await LedgerWorld()
        let silenced = world.certificate(1, daysLeft: 20)
        try await world.silence("fingerprint=\(silenced.fingerprint)", for: .days(3))
        try await world.see(["a.pem": [silenced], "b.pem": [world.certificate(2, daysLeft: 10)]])
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `of several stages in a silence the most urgent is told at its end`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 30)]])
        try await world.silence("registration=fleet", for: .days(25))
        world.time.advance(by: .days(17))
        try await world.pass()
        #expect(try await world.deliver().isEmpty)
        world.time.advance(by: .days(8))
        #expect(try await world.deliver() == ["expiring 1209600"])
        #expect(try await states(world) == [.superseded, .delivered])
    }

    @Test func `a renewal in a silence ends it without a word`() async throws {
        let world = try await LedgerWorld()
        let old = world.certificate(1, daysLeft: 20)
        try await world.silence("fingerprint=\(old.fingerprint)", for: .days(10))
        try await world.see(["a.pem": [old]])
        try await world.deliver()
        world.time.advance(by: .days(1))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        #expect(try await states(world) == [.cancelled])
        let silence = try #require(try await world.ledger.silences().first?.silence)
        #expect(silence.ending == Silence.Ending(endedAt: world.time.now, because: .certificateEnded))
        world.time.advance(by: .days(20))
        #expect(try await world.deliver().isEmpty)
    }

    @Test func `the end of what was told before a silence is told in it`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver()
        try await world.silence("registration=fleet", for: .days(10))
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `what may have been seen goes on, and what was surely refused is held`() async throws {
        let world = try await LedgerWorld(receivers: ["ops", "other"])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        let claim = try #require(try await world.claim())
        let retry = Settlement.Consequence.retry(world.time.now)
        try await world.ledger.settle(claim, with: world.settlement(.unknown, retry), at: world.time.now)
        let other = try #require(try await world.claim(for: "other"))
        try await world.ledger.settle(other, with: world.settlement(.notSent, retry), at: world.time.now)
        #expect(try await world.silence("registration=fleet", for: .days(1)).heldDeliveries == 1)
        #expect(try await world.deliver() == ["expiring 2592000"])
        #expect(try await world.deliver(to: "other").isEmpty)
        world.time.advance(by: .days(1))
        #expect(try await world.deliver(to: "other") == ["expiring 2592000"])
    }

    @Test func `a notice is not too old at the end of a silence that outlasts it`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("registration=fleet", for: .days(60))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 1)]])
        try await world.deliver()
        world.time.advance(by: .days(2))
        try await world.pass()
        try await world.deliver()
        world.time.advance(by: .days(58))
        try await world.ledger.tidyOutbox(longestWait: .hours(12), at: world.time.now)
        #expect(try await world.deliver() == ["expired 0"])
    }

    @Test func `no way around a silence makes its messages leave`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("registration=fleet", for: .days(9))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver()
        let id = try #require(try await world.ledger.deliveries(in: [.pending]).first?.id)
        guard case .held(let hold) = try await world.ledger.retryDelivery(id, at: world.time.now) else {
            Issue.record("a retry by hand")
            return
        }
        #expect(hold.silence == 1)
        try await world.reconcile([("ops", [1])])
        #expect(try await world.deliver().isEmpty, "new settings")
        world.time.advance(by: .days(-5))
        try await world.ledger.tidyOutbox(longestWait: .hours(12), at: world.time.now)
        #expect(try await world.deliver().isEmpty, "a clock that was set back")
        world.time.advance(by: .days(14))
        #expect(try await world.deliver() == ["expiring 2592000"])
    }

    @Test func `what is held is no open trouble, and is due at the end`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("registration=fleet", for: .days(9))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver()
        let state = try await world.ledger.outboxState(expiredSince: world.time.now)
        #expect((state.open, state.held) == (0, 1))
        #expect(try await world.ledger.nextDeliveryDue() == world.time.now + .days(9))
        let later = try await world.ledger.outboxState(expiredSince: world.time.now + .days(9))
        #expect((later.open, later.held) == (1, 0))
    }

    @Test func `a message of several goes on without those that are held since`() async throws {
        let world = try await LedgerWorld()
        let batching = Batching(moreThan: 1, atMost: 10)
        let certificates = (UInt32(1)...3).map { world.certificate($0, daysLeft: 20) }
        try await world.see(["a.pem": certificates])
        let claim = try #require(try await world.claim(batching: batching))
        #expect(claim.identities.count == 3)
        let retry = Settlement.Consequence.retry(world.time.now)
        try await world.ledger.settle(claim, with: world.settlement(.notSent, retry), at: world.time.now)
        try await world.silence("fingerprint=\(certificates[0].fingerprint)", for: .days(1))
        #expect(try await world.claim(batching: batching)?.identities.count == 2)
    }

    @Test func `a finding is held by its code`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("code=lost_from_sight", for: .days(1))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 100)]])
        try await world.pass(outcome: .lost(Defect(.readFailed, "gone")))
        #expect(try await world.deliver().isEmpty)
        #expect(try await world.ledger.silences().map(\.heldDeliveries) == [1])
        try await world.pass()
        world.time.advance(by: .days(2))
        #expect(try await world.deliver().isEmpty, "it was over before the silence was")
    }

    @Test func `reminders in a silence are one at its end`() async throws {
        let world = try await LedgerWorld(reminders: ReminderSchedule(every: .days(1)))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        try await world.deliver()
        try await world.silence("registration=fleet", for: .days(5))
        for _ in 0..<5 {
            world.time.advance(by: .days(1))
            try await world.pass()
            if world.time.now < Instant(seconds: 1_800_000_000) + .days(5) {
                #expect(try await world.deliver().isEmpty)
            }
        }
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `silences are forgotten with what they held`() async throws {
        let world = try await LedgerWorld()
        try await world.silence("registration=fleet", for: .days(1))
        world.time.advance(by: .days(402))
        try await world.pass()
        #expect(try await world.ledger.silences().isEmpty)
    }
}

extension LedgerWorld {
    @discardableResult
    func silence(_ matchers: String..., for span: TimeSpan) async throws -> SilenceEffect {
        let terms = SilenceTerms(
            matchers: try NoticeMatchers(parsing: matchers), author: "alice", reason: "CHG-42",
            endsAt: time.now + span)
        return try await ledger.addSilence(terms, plan: plan, at: time.now)
    }

    func expire(_ silence: Int64) async throws -> SilenceExpiry {
        try await ledger.expireSilence(silence, plan: plan, at: time.now)
    }
}
