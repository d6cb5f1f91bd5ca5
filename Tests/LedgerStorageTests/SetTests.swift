import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Many certificates take few statements, since storing and deciding work on sets.
struct SetTests {
    private static let size = 320

    private func changes(in world: LedgerWorld, daysLeft: Int64) -> [PathChange] {
        (1...Self.size).map { number in
            let certificate = world.certificate(UInt32(number), daysLeft: daysLeft)
            return .read(
                FilePath("\(number).pem"), changeKey: [1], sightings: [.read(certificate)],
                encodings: [certificate.fingerprint: [UInt8](repeating: 0, count: 500)], defects: [])
        }
    }

    @Test func `a first scan runs a few statements for each load of certificates`() async throws {
        let world = try await LedgerWorld()
        let before = world.work.counts
        let notices = try await world.pass(changes(in: world, daysLeft: 300))
        let counts = world.work.counts.since(before)
        #expect(notices.isEmpty)
        #expect(counts.executions < Self.size / 3, "\(counts.executions)")
        #expect(try await world.ledger.unverified(in: "fleet", by: [1], at: world.time.now).count == Self.size)
    }

    @Test(arguments: [60, -1] as [Int64])
    func `so does deciding on all that is due at once`(daysLeft: Int64) async throws {
        let world = try await LedgerWorld()
        _ = try await world.ledger.record(
            changes(in: world, daysLeft: 60), of: world.source, plan: world.plan, at: world.time.now)
        world.time.advance(by: .days(daysLeft == 60 ? 31 : 61))
        let before = world.work.counts
        let decided = try await world.ledger.decideDue(plan: world.plan, at: world.time.now)
        let counts = world.work.counts.since(before)
        #expect(decided.count == Self.size)
        #expect(counts.executions < Self.size / 3, "\(counts.executions)")
        #expect(counts.commits == 1)
        #expect(try await world.deliver().count == Self.size)
    }

    @Test func `so does the next stage, which takes the place of the one before`() async throws {
        let world = try await LedgerWorld()
        try await world.pass(changes(in: world, daysLeft: 29))
        world.time.advance(by: .days(16))
        let before = world.work.counts
        let decided = try await world.ledger.decideDue(plan: world.plan, at: world.time.now)
        #expect(decided.count == Self.size)
        #expect(world.work.counts.since(before).executions < Self.size / 3)
        let states = try await world.ledger.deliveries(in: [.pending, .superseded]).map(\.state)
        #expect(states.count { $0 == .pending } == Self.size && states.count { $0 == .superseded } == Self.size)
    }

    @Test func `sources that showed nothing new are finished in one transaction, and a stale one is left alone`()
        async throws
    {
        let world = try await LedgerWorld()
        var finished: [FinishedSource] = []
        for number in 1...40 {
            let key = SourceKey(kind: .file, registration: "fleet", place: "/pki/\(number)")
            try await world.see(["\(number).pem": [world.certificate(UInt32(number), daysLeft: 300)]], in: key)
            finished.append(
                FinishedSource(key: key, outcome: .seen, revision: try await world.ledger.revision(of: key)))
        }
        _ = try await world.ledger.finish(finished[0].key, outcome: .seen, plan: world.plan, at: world.time.now)
        let before = world.work.counts
        _ = try await world.ledger.finish(finished, plan: world.plan, at: world.time.now)
        #expect(world.work.counts.since(before).commits == 1)
        let revision = try await world.ledger.revision(of: finished[0].key)
        #expect(revision == finished[0].revision.next, "another run has recorded it")
        #expect(try await world.ledger.revision(of: finished[1].key) == finished[1].revision.next)
    }
}
