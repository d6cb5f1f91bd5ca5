import Certificates
import ExpiryRules
import LedgerStorage
import Testing

struct EndpointHistoryTests {
    private func sight(_ verdict: String, _ timings: PhaseTimings) -> EndpointSight {
        var sight = EndpointSight(
            name: "api", url: "https://api.example.com/", verdict: verdict,
            state: verdict == "enforced" ? .well : .failing, trouble: nil, hysteresis: Hysteresis(), report: "{}")
        sight.timings = timings
        return sight
    }

    private func record(_ sight: EndpointSight, in world: LedgerWorld) async throws {
        _ = try await world.ledger.record([sight], plan: world.plan, at: world.time.now)
    }

    @Test func `history has a bound: rounds for days, then hours for months`() async throws {
        let world = try await LedgerWorld()
        for _ in 0..<(100 * 4) {
            for seconds: Int64 in [60, 6 * 3_600 - 60] {
                try await record(sight("enforced", PhaseTimings(connect: 2, total: 10)), in: world)
                world.time.advance(by: TimeSpan(seconds: seconds))
            }
        }
        let history = try await world.ledger.history(of: "api")
        #expect((3 * 8...4 * 8).contains(history.rounds.count))
        #expect((89 * 4...94 * 4).contains(history.hours.count))
        #expect(history.hours.allSatisfy { $0.rounds == 2 && $0.good == 2 && $0.slowest == 10 })
        #expect(
            history.hours.allSatisfy {
                $0.means == PhaseTimings(nameLookup: 0, connect: 2, tlsHandshake: 0, firstByte: 0, total: 10)
            })
        let oldest = try #require(history.hours.first)
        #expect(world.time.now - oldest.beginning <= .days(94))
    }

    @Test func `an hour says what its rounds said, whether they are kept one by one or not`() async throws {
        let world = try await LedgerWorld()
        let start = world.time.now
        let quick = PhaseTimings(nameLookup: 1, connect: 2, tlsHandshake: 4, firstByte: 8, total: 15)
        let slow = PhaseTimings(nameLookup: 3, connect: 4, tlsHandshake: 8, firstByte: 12, total: 27)
        for (verdict, timings) in [
            ("enforced", quick), ("timeout", PhaseTimings(nameLookup: 90, total: 10_000)), ("enforced", slow),
        ] {
            try await record(sight(verdict, timings), in: world)
            world.time.advance(by: TimeSpan(seconds: 60))
        }
        let fresh = try await world.ledger.history(of: "api")
        #expect(fresh.rounds.map(\.verdict) == ["enforced", "timeout", "enforced"])
        #expect(fresh.rounds.map(\.isGood) == [true, false, true])
        #expect(fresh.rounds.map(\.probedAt) == [0, 60, 120].map { start + TimeSpan(seconds: $0) })
        #expect(fresh.rounds[1].timings == PhaseTimings(nameLookup: 90, total: 10_000))
        let hour = try #require(fresh.hours.first)
        #expect((hour.rounds, hour.good, hour.slowest) == (3, 2, 10_000))
        #expect(hour.means == PhaseTimings(nameLookup: 2, connect: 3, tlsHandshake: 6, firstByte: 10, total: 21))
        world.time.advance(by: .days(4))
        try await record(sight("timeout", PhaseTimings(total: 500)), in: world)
        let later = try await world.ledger.history(of: "api")
        #expect(later.rounds.map(\.verdict) == ["timeout"])
        #expect(later.hours.first == hour)
        #expect(later.hours.last?.means == nil)
        #expect(try await world.ledger.history(of: "other").hours.isEmpty)
    }
}
