import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

struct RemovalTests {
    private let spared = Certificate.sample(99, notAfter: .noWellDefinedExpiry)

    @Test func `a file gone from a directory is removed after two passes and six hours`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)], "z.pem": [spared]])
        try await world.deliver()
        #expect(try await world.see([:], gone: ["a.pem"]).isEmpty)
        world.time.advance(by: .hours(5))
        #expect(try await world.see([:], gone: ["a.pem"]).isEmpty)
        world.time.advance(by: .hours(1))
        #expect(try await world.see([:], gone: ["a.pem"]).map(\.summary) == ["removed"])
        #expect(try await world.deliver() == ["removed -1"])
    }

    @Test func `a file that comes back in time was never removed`() async throws {
        let world = try await LedgerWorld()
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [certificate], "z.pem": [spared]])
        try await world.see([:], gone: ["a.pem"])
        world.time.advance(by: .hours(7))
        try await world.see(["a.pem": [certificate]])
        world.time.advance(by: .hours(7))
        #expect(try await world.pass().isEmpty)
        #expect(try await world.deliver() == ["expiring 2592000"])
    }

    @Test func `a place that cannot be read changes nothing, and the loss of sight is told once`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 45)]])
        let lost = SourceOutcome.lost(Defect(.permissionDenied, "/pki: permission denied"))
        #expect(try await world.pass(outcome: lost).map(\.summary) == ["finding"])
        for _ in 0..<5 {
            world.time.advance(by: .days(1))
            #expect(try await world.pass(outcome: lost).isEmpty)
        }
        world.time.advance(by: .days(12))
        #expect(try await world.pass(outcome: lost).map(\.summary) == ["expiring 30d"])
        try await world.deliver()
        #expect(try await world.pass().map(\.summary) == ["finding_resolved"])
    }

    @Test func `a directory that was emptied is lost from sight, not removed`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 20)], "b.pem": [world.certificate(2, daysLeft: 20)],
        ])
        try await world.deliver()
        for _ in 0..<4 {
            let notices = try await world.see([:], gone: ["a.pem", "b.pem"])
            #expect(notices.allSatisfy { $0.summary == "finding" })
            world.time.advance(by: .days(1))
        }
        #expect(try await world.ledger.openFindings().map(\.code) == [.lostFromSight])
    }

    @Test func `a certificate behind a block that cannot be read is not taken for removed`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20), spared]])
        try await world.deliver()
        let damaged = PathChange.read(
            FilePath("a.pem"), changeKey: [2], sightings: [.known(spared.fingerprint)],
            defects: [Defect(.badPEM, "a.pem: block 1 is damaged")])
        for _ in 0..<4 {
            world.time.advance(by: .hours(7))
            #expect(try await world.pass([damaged]).allSatisfy { $0.summary == "finding" })
        }
        #expect(try await world.ledger.openFindings().map(\.code) == [.unreadableCertificate])
    }

    @Test func `an unreadable file keeps its certificates watched`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 45)], "z.pem": [spared]])
        let denied = PathChange.unreadable(FilePath("a.pem"), Defect(.permissionDenied, "a.pem: permission denied"))
        #expect(try await world.pass([denied]).map(\.summary) == ["finding"])
        world.time.advance(by: .days(20))
        #expect(try await world.pass([denied]).map(\.summary) == ["expiring 30d"])
    }

    @Test func `what is taken out of the configuration is cancelled at once and nothing is told of it`() async throws {
        let world = try await LedgerWorld(receivers: ["ops", "security"])
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver(to: "ops")
        try await world.ledger.reconcile(sources: [], plan: world.plan, at: world.time.now)
        #expect(try await world.deliver(to: "ops") == [])
        #expect(try await world.deliver(to: "security") == [])
        #expect(try await world.ledger.outboxState(expiredSince: world.time.now).open == 0)
    }

    @Test func `a registration that is renamed tells nobody twice and loses nothing`() async throws {
        let world = try await LedgerWorld(
            receivers: ["ops", "security"], others: [Registration(name: "devices", role: .client)])
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [certificate]])
        try await world.deliver(to: "ops")
        let renamed = SourceKey(kind: .file, registration: "devices", place: "/pki")
        try await world.ledger.reconcile(sources: [renamed], plan: world.plan, at: world.time.now)
        #expect(try await world.see(["a.pem": [certificate]], in: renamed).isEmpty)
        #expect(try await world.deliver(to: "ops") == [])
        #expect(try await world.deliver(to: "security") == ["expiring 2592000"])
    }
}
