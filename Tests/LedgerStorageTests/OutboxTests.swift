import Certificates
import ExpiryRules
import Glibc
import LedgerStorage
import TestSupport
import Testing

struct OutboxTests {
    @Test func `every receiver has a delivery of its own`() async throws {
        // Uptime Kuma's defect: a notice counts as sent as soon as one channel has it.
        let world = try await LedgerWorld(receivers: ["ops", "security"])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        #expect(try await world.deliver(to: "ops") == ["expiring 1209600"])
        #expect(try await world.deliver(to: "security", as: .notSent) == ["expiring 1209600"])
        world.time.advance(by: TimeSpan(seconds: 5))
        #expect(try await world.deliver(to: "ops") == [])
        #expect(try await world.deliver(to: "security") == ["expiring 1209600"])
    }

    @Test func `a claim is nobody else's until its lease is over, and then counts as unknown`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let first = try #require(try await world.claim(bootSeconds: 0))
        #expect(try await world.claim(bootSeconds: 60) == nil)
        let second = try #require(try await world.claim(bootSeconds: 61))
        #expect(second.attempt == 2)
        #expect(second.mayBeDuplicate)
        #expect(second.body == first.body)
    }

    @Test func `after a reboot no lease holds`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        _ = try #require(try await world.claim(bootSeconds: 1_000))
        let taken = try await world.ledger.claim(
            for: "ops", at: world.time.now, boot: BootTime(bootID: "next boot", seconds: 1),
            terms: ClaimTerms(lease: TimeSpan(seconds: 60)), plan: world.plan, render: LedgerWorld.frozen)
        #expect(taken?.attempt == 2)
    }

    @Test func `a late acceptance is recorded, a late failure is not`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        let slow = try #require(try await world.claim(bootSeconds: 0))
        let quick = try #require(try await world.claim(bootSeconds: 61))
        try await world.ledger.settle(
            slow, with: world.settlement(.notSent, .retry(world.time.now)), at: world.time.now)
        #expect(try await world.claim(bootSeconds: 61) == nil)
        try await world.ledger.settle(slow, with: world.settlement(.delivered, .delivered), at: world.time.now)
        try await world.ledger.settle(
            quick, with: world.settlement(.unknown, .retry(world.time.now)), at: world.time.now)
        #expect(try await world.deliver() == [])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 0)
    }

    @Test func `a more urgent stage supersedes what is unsent`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .days(8)))
        world.time.advance(by: .days(8))
        try await world.pass()
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `retries go on until a week after expiry, and then end`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        var attempts = 0
        for _ in 0..<30 {
            try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
            attempts += try await world.deliver(as: .notSent).count
            world.time.advance(by: .days(1))
        }
        #expect(attempts == 18)
        let state = try await world.ledger.outboxState(expiredSince: world.time.now - .days(30))
        #expect(state.open == 0)
        #expect(state.expired == 1)
    }

    @Test func `a closed gate holds the whole receiver and no other`() async throws {
        let world = try await LedgerWorld(receivers: ["ops", "security"])
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 10)], "b.pem": [world.certificate(2, daysLeft: 9)],
        ])
        let claim = try #require(try await world.claim())
        let later = world.time.now + .hours(1)
        try await world.ledger.settle(
            claim,
            with: Settlement(
                outcome: .rejected, consequence: .retry(later), evidence: .busy(.hours(1)), status: 429,
                detail: "HTTP 429", milliseconds: 1), at: world.time.now)
        #expect(try await world.claim() == nil)
        #expect(try await world.deliver(to: "security").count == 2)
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver().count == 2)
    }

    @Test func `a parked delivery is due at once when its receiver's settings change`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver(as: .rejected, then: .park(world.time.now + .hours(12)))
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).parked == 1)
        #expect(try await world.deliver() == [])
        try await world.reconcile([("ops", [1])])
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `what nobody was told, for want of a receiver, is told to the first one that comes`() async throws {
        let world = try await LedgerWorld(receivers: [])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.reconcile([("ops", [0])])
        #expect(try await world.deliver() == ["expiring 1209600"])
        try await world.reconcile([("ops", [0]), ("late", [0])])
        #expect(try await world.deliver(to: "late") == [])
    }

    @Test func `a receiver that is renamed while it is down loses nothing and leaves nothing open`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 10)], "b.pem": [world.certificate(2, daysLeft: 9)],
        ])
        _ = try #require(try await world.claim())
        try await world.reconcile([("ops2", [0])])
        #expect(try await world.deliver(to: "ops2").count == 2)
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 0)
    }

    @Test func `corrected settings make everything due that waits`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(9)))
        try await world.reconcile([("ops", [1])])
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `what a clock that ran ahead has put off is called back`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        world.time.advance(by: .days(3))
        try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(2)))
        world.time.advance(by: .days(-3))
        try await world.ledger.tidyOutbox(longestWait: .days(1), at: world.time.now)
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `a receiver that is gone gets nothing until its settings change`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        try await world.deliver(as: .rejected, then: .disable)
        world.time.advance(by: .days(2))
        #expect(try await world.deliver() == [])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).disabledReceivers == ["ops"])
        try await world.reconcile([("ops", [1])])
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `the ledger is its owner's alone`() async throws {
        let world = try await LedgerWorld()
        var status = stat()
        #expect(stat(world.directory.path(of: "ledger.db"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(stat(world.directory.path(of: "ledger.db-wal"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `what is no ledger is refused by its name`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("this is no database, however long it may be.", to: "ledger.db")
        let error = try #require(throws: LedgerError.self) { try Ledger(sqliteFile: path) }
        #expect(error.description.contains(path))
    }
}
