import Certificates
import Monitor
import Probing
import Testing
import TransportSecurity

@Suite struct `Schedule of probes` {
    private static let start = Instant(seconds: 1_800_000_000)

    private func endpoints(_ count: Int, every seconds: Int64) -> [Endpoint] {
        (0..<count).map { number in
            var endpoint = Endpoint(name: "e\(number)", url: "https://localhost/\(number)", tls: TLSFiles())
            endpoint.interval = TimeSpan(seconds: seconds)
            return endpoint
        }
    }

    @Test func `each endpoint is due once an interval, for hours, without drift`() {
        var schedule = ProbeSchedule(endpoints(3, every: 60), from: Self.start)
        var beats: [Int: [Int64]] = [:]
        // Checked up to three seconds late, as on a busy machine.
        for second in stride(from: Int64(0), to: 6 * 3_600, by: 4) {
            for (index, _) in schedule.takeDue(at: Self.start + TimeSpan(seconds: second), limit: .max) {
                beats[index, default: []].append(second)
                schedule.finish(index)
            }
        }
        for (_, seconds) in beats {
            #expect(seconds.count == 6 * 60)
            let phases = Set(seconds.map { $0 / 4 * 4 % 60 / 4 })
            #expect(phases.count == 1, "the beat keeps its place: \(phases)")
        }
    }

    @Test func `thousands are spread over the interval`() {
        var schedule = ProbeSchedule(endpoints(6_000, every: 60), from: Self.start)
        let load = (0..<60).map { schedule.takeDue(at: Self.start + TimeSpan(seconds: $0), limit: .max).count }
        #expect(load.reduce(0, +) == 6_000)
        #expect(load.allSatisfy { (50...150).contains($0) }, "\(load)")
    }

    @Test func `a beat during the endpoint's own round is left out, and the next one kept`() {
        var schedule = ProbeSchedule(endpoints(1, every: 10), from: Self.start)
        func taken(_ seconds: Int64) -> Int {
            schedule.takeDue(at: Self.start + TimeSpan(seconds: seconds), limit: .max).count
        }
        #expect(taken(10) == 1)
        #expect(taken(20) == 0)
        schedule.finish(0)
        #expect(taken(30) == 1)
    }

    @Test func `what has no room stays due`() {
        var schedule = ProbeSchedule(endpoints(10, every: 10), from: Self.start)
        let late = Self.start + TimeSpan(seconds: 10)
        #expect(schedule.takeDue(at: late, limit: 4).count == 4)
        #expect(schedule.underWay == 4)
        #expect(schedule.takeDue(at: late, limit: 4).isEmpty)
        schedule.finish(0)
        #expect(schedule.takeDue(at: late, limit: 4).count == 1)
    }

    @Test func `hours of sleep and a clock that jumped back make one round each`() {
        var schedule = ProbeSchedule(endpoints(1, every: 60), from: Self.start)
        for seconds: Int64 in [60, 7_200, 30] {
            let now = Self.start + TimeSpan(seconds: seconds)
            #expect(schedule.takeDue(at: now, limit: .max).count == 1, "\(seconds)")
            schedule.finish(0)
            #expect(schedule.takeDue(at: now, limit: .max).isEmpty)
        }
    }

    @Test func `an endpoint without an interval is not the schedule's`() {
        let plain = Endpoint(name: "plain", url: "https://localhost/", tls: TLSFiles())
        #expect(ProbeSchedule([plain], from: Self.start).isEmpty)
    }
}
