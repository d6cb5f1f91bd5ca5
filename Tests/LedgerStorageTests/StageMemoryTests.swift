import Certificates
import ExpiryRules
import LedgerStorage
import Testing

struct StageMemoryTests {
    @Test func `a new certificate that lies in two files is told once`() async throws {
        let world = try await LedgerWorld()
        let certificate = world.certificate(1, daysLeft: 20)
        let notices = try await world.see(["a.pem": [certificate], "b.pem": [certificate]])
        #expect(notices.map(\.summary) == ["expiring 30d"])
    }

    @Test func `each stage is told once over the life of a certificate`() async throws {
        let world = try await LedgerWorld()
        #expect(try await world.see(["a.pem": [world.certificate(1, daysLeft: 45)]]).isEmpty)
        var told: [String] = []
        for _ in 0..<60 {
            world.time.advance(by: .days(1))
            told += try await world.pass().map(\.summary)
            #expect(try await world.pass().isEmpty)
        }
        #expect(told == ["expiring 30d", "expiring 14d", "expired"])
    }

    @Test func `downtime tells the most urgent stage and what was missed since when`() async throws {
        let world = try await LedgerWorld()
        let lastReading = world.time.now
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 45)]])
        world.time.advance(by: .days(36))
        let notices = try await world.pass()
        #expect(notices.map(\.summary) == ["expiring 14d"])
        #expect(notices.first?.missed == [.before(.days(30))])
        #expect(notices.first?.notObservedSince == lastReading)
    }

    @Test func `nobody failed to look at a certificate that was not there`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 45)]])
        world.time.advance(by: .hours(1))
        let notices = try await world.see(["b.pem": [world.certificate(2, daysLeft: 10)]])
        #expect(notices.first?.missed == [.before(.days(30))])
        #expect(notices.first?.notObservedSince == nil)
    }

    @Test func `a clock that jumps back tells nothing again`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 10)]])
        world.time.advance(by: .days(-40))
        #expect(try await world.pass().isEmpty)
        world.time.advance(by: .days(40))
        #expect(try await world.pass().isEmpty)
    }

    @Test func `one certificate in many files is one notice`() async throws {
        let world = try await LedgerWorld()
        let certificate = world.certificate(1, daysLeft: 10)
        let notices = try await world.see([
            "a.pem": [certificate], "b.pem": [certificate], "c.pem": [certificate, certificate],
        ])
        #expect(notices.map(\.summary) == ["expiring 14d"])
        #expect(try await world.deliver() == ["expiring 1209600"])
    }

    @Test func `a leaf's notice does not silence its intermediate`() async throws {
        // Uptime Kuma's defect: the history of sent notices had no certificate in its key.
        let world = try await LedgerWorld()
        let notices = try await world.see([
            "chain.pem": [world.certificate(1, daysLeft: 10), world.certificate(2, daysLeft: 12)]
        ])
        #expect(notices.map(\.summary) == ["expiring 14d", "expiring 14d"])
    }

    @Test func `the due query follows thresholds when the configuration changes them`() async throws {
        let world = try await LedgerWorld()
        try await world.ledger.reconcile(sources: [world.source], plan: world.plan, at: world.time.now)
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 60)]])
        let wider = WatchPlan(
            registrations: [Registration(name: "fleet", role: .client, thresholds: [.span(.days(90))])],
            route: world.plan.route)
        try await world.ledger.reconcile(sources: [world.source], plan: wider, at: world.time.now)
        let ids = try await world.ledger.decideDue(plan: wider, at: world.time.now)
        #expect(try await world.ledger.notices(ids, at: world.time.now).map(\.summary) == ["expiring 90d"])
    }

    @Test func `two registrations ask for their own stages of the same certificate`() async throws {
        let ca = Registration(name: "ca", role: .ca, thresholds: [.span(.days(365))])
        let world = try await LedgerWorld(others: [ca])
        let certificate = world.certificate(1, daysLeft: 200)
        #expect(try await world.see(["a.pem": [certificate]]).isEmpty)
        let notices = try await world.see(
            ["ca.pem": [certificate]], in: SourceKey(kind: .file, registration: "ca", place: "/ca.pem"))
        #expect(notices.map(\.summary) == ["expiring 365d"])
        #expect(notices.first?.registration == "ca")
    }

    @Test func `a certificate without an end is never due`() async throws {
        let world = try await LedgerWorld()
        let eternal = Certificate.sample(1, notAfter: .noWellDefinedExpiry)
        try await world.see(["a.pem": [eternal]])
        world.time.advance(by: .days(400_000))
        #expect(try await world.pass().isEmpty)
    }
}
