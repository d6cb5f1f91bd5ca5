import Certificates
import ExpiryRules
import TestSupport
import Testing

@Suite struct `Forecast` {
    private static let spans: [Threshold] = [1, 3, 7, 14, 30, 60].map { .span(.days($0)) }
    /// Includes thresholds that are closer together than two passes.
    private static let anything: [Threshold] =
        spans + [.span(TimeSpan(seconds: 90)), .span(TimeSpan(seconds: 120)), .share(percent: 1), .share(percent: 10)]

    @Test(arguments: Effort.seeds(40))
    func `what is foreseen is what comes to pass, to the second`(seed: UInt64) async throws {
        let world = try await ForecastWorld(
            seed: seed, thresholds: Self.anything, interval: .hours(12), hasBadTimes: true)
        let foreseen = try await world.forecast()
        let heard = try await world.replay(from: try await world.nextPass())
        #expect(foreseen.sorted() == heard, "seed \(seed)")
    }

    @Test(arguments: Effort.seeds(20))
    func `passes at other times tell the same, each within one interval`(seed: UInt64) async throws {
        let world = try await ForecastWorld(
            seed: seed, thresholds: Self.spans, interval: .hours(12), hasBadTimes: false)
        let start = world.time.now
        let foreseen = try await world.forecast()
        let heard = try await world.replay(from: start + TimeSpan(seconds: Int64(seed * 1_977 % 43_200)))
        let lastSure = start + ForecastWorld.horizon - world.interval
        for telling in foreseen where telling.at <= lastSure {
            let match = try #require(heard.first { $0.id == telling.id }, "seed \(seed): foreseen and never told")
            #expect(abs((match.at - telling.at).seconds) <= world.interval.seconds, "seed \(seed)")
        }
        let ids = Set(foreseen.map(\.id))
        for telling in heard where telling.at <= lastSure {
            #expect(ids.contains(telling.id), "seed \(seed): told and not foreseen")
        }
    }
}
