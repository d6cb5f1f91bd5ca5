import Certificates
import Foundation
import LedgerStorage
import TestSupport
import Testing

/// The state machine of docs/promises.md under random schedules. Ledger and delivery are the production code, which
/// stops at each transaction and each message.
struct OutboxTortureTests {
    private static let schedules: UInt64 = 10_000
    private static let lanes: UInt64 = 4
    /// Keeps the tables as small as in production.
    private static let schedulesPerLedger: UInt64 = 100

    @Test func `no schedule of crashes, overlaps, delays and failures breaks a promise`() async throws {
        let seeds = Effort.seeds(Self.schedules)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    let mine = Array(seeds.filter { $0 % Self.lanes == lane })
                    for start in stride(from: 0, to: mine.count, by: Int(Self.schedulesPerLedger)) {
                        try await Self.play(mine[start..<min(start + Int(Self.schedulesPerLedger), mine.count)])
                    }
                }
            }
            for try await _ in group {}
        }
    }

    /// Plays schedules one after the other on one ledger.
    private static func play(_ seeds: ArraySlice<UInt64>) async throws {
        let directory = try TemporaryDirectory.inMemory()
        let engine = try SQLiteEngine(path: directory.path(of: "ledger.db"))
        let ledger = Ledger(engine: engine)
        var now = Instant(seconds: 1_800_000_000)
        try await ledger.reconcileReceivers(OutboxWorld.receivers, plan: OutboxWorld.plan, at: now)
        for (number, seed) in seeds.enumerated() {
            let world = OutboxWorld(engine: engine, number: UInt32(number), size: seed % 3 == 0 ? 3 : 1, at: now)
            var schedule = OutboxSchedule(world: world, seed: seed)
            do {
                try await schedule.play()
                if let complaint = try await ReceiverNews(engine: engine).complaintAtRest() {
                    throw OutboxViolation(complaint)
                }
                for lineage in world.lineages {
                    let deliveries = try await RecordedDelivery.all(of: lineage.first, in: engine)
                    try OutboxPromises(
                        world: world, lineage: lineage, deliveries: deliveries, orderIsPromised: !schedule.mayFreeze
                    ).check()
                }
            } catch {
                let trace = schedule.trace.joined(separator: "\n")
                throw OutboxViolation("NOTAFTER_SEED=\(seed): \(error)\n\(trace)")
            }
            try Task.checkCancellation()
            now = world.time.now
            try await ledger.reconcile(sources: [], plan: world.plan, at: now)
        }
    }
}
