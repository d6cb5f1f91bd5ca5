import Foundation
import LedgerStorage
import TestSupport
import Testing

/// Years of operation, compared with an oracle that is independent of the ledger.
struct SimulationTests {
    private static let seeds: UInt64 = 1_000
    private static let lanes: UInt64 = 4

    @Test func `in years of outages, renewals, clock jumps and restarts the receiver hears what is true, once`()
        async throws
    {
        try await live(Effort.seeds(Self.seeds), usualMood: .well)
    }

    @Test func `so it is with a receiver that fails one request in five in its best times`() async throws {
        try await live(Effort.seeds(Self.seeds / 4), usualMood: .flaky)
    }

    private func live(_ seeds: Range<UInt64>, usualMood: SimulatedReceiver.Mood) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    for seed in seeds where seed % Self.lanes == lane { try await Self.live(seed, usualMood) }
                }
            }
            for try await _ in group {}
        }
    }

    private static func live(_ seed: UInt64, _ usualMood: SimulatedReceiver.Mood) async throws {
        try Task.checkCancellation()
        let directory = try TemporaryDirectory.inMemory()
        var year = SimulatedYear(
            engine: try SQLiteEngine(path: directory.path(of: "ledger.db")), seed: seed, usualMood: usualMood)
        do {
            try await year.pass()
        } catch let violation as OutboxViolation {
            throw OutboxViolation("NOTAFTER_SEED=\(seed), \(usualMood): \(violation)")
        }
    }
}
