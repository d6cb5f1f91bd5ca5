import TestSupport
import Testing

/// Promises P1 and P2 of docs/promises.md for the built command: two concurrent runs, and `kill -9`.
struct CrashStormTests {
    private static let kills = 300

    @Test func `after hundreds of kills nothing is lost, and each repeat is one that the ledger knows of`() async throws
    {
        for seed in Effort.seeds(1) {
            let place = Comment(rawValue: "NOTAFTER_SEED=\(seed)")
            var storm = try KillStorm(seed: seed)
            try await storm.rage(untilKills: Self.kills)
            try await storm.calm()
            let account = try storm.account()
            #expect(storm.kills >= Self.kills, place)
            #expect(account.lost == [], place)
            #expect(account.unexplained == [], place)
            #expect(account.changed == [], place)
            #expect(account.duplicates > 0, "no kill came where it matters; \(place)")
            #expect(try storm.site.ledger.integrity() == "ok", place)
            print("\(storm.kills) kills, \(account.duplicates) repeats, each explained; nothing lost")
        }
    }
}
