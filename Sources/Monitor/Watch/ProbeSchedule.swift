import Certificates
import Probing

/// The due times of endpoints that have an interval of their own: fixed beats, offset by a hash of the name. Thousands
/// of endpoints make an even load, and no beat drifts. It reads no clock.
package struct ProbeSchedule {
    private struct Entry {
        let endpoint: Endpoint
        let interval: TimeSpan
        /// The offset of the beats in the interval, in seconds.
        let phase: Int64
        var due: Instant
        var isUnderWay = false
    }

    private var entries: [Entry] = []
    /// The number of rounds in progress.
    package private(set) var underWay = 0

    /// The first round of each endpoint is due within one interval from `now`.
    package init(_ endpoints: [Endpoint], from now: Instant) {
        entries = endpoints.compactMap { endpoint in
            guard let interval = endpoint.interval else { return nil }
            let phase = Int64(Self.hash(endpoint.name) % UInt64(interval.seconds))
            let due = Self.beat(after: now - TimeSpan(seconds: 1), interval: interval, phase: phase)
            return Entry(endpoint: endpoint, interval: interval, phase: phase, due: due)
        }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// Starts the due rounds, until `limit` rounds are in progress. The others stay due.
    ///
    /// A beat is skipped while the endpoint's last round is still in progress, because two concurrent rounds would
    /// affect each other's measurements. Beats that were missed are skipped as well.
    package mutating func takeDue(at now: Instant, limit: Int) -> [(index: Int, endpoint: Endpoint)] {
        var taken: [(index: Int, endpoint: Endpoint)] = []
        for index in entries.indices where underWay < limit {
            let entry = entries[index]
            // A beat more than one interval ahead was scheduled by a clock that ran ahead.
            guard entry.due <= now || entry.due - now > entry.interval else { continue }
            entries[index].due = Self.beat(after: now, interval: entry.interval, phase: entry.phase)
            guard !entry.isUnderWay else { continue }
            entries[index].isUnderWay = true
            underWay += 1
            taken.append((index, entry.endpoint))
        }
        return taken
    }

    /// The round of the endpoint at `index` has ended.
    package mutating func finish(_ index: Int) {
        guard entries.indices.contains(index), entries[index].isUnderWay else { return }
        entries[index].isUnderWay = false
        underWay -= 1
    }

    /// The first beat later than `instant`.
    private static func beat(after instant: Instant, interval: TimeSpan, phase: Int64) -> Instant {
        let passed = instant.seconds - phase
        let length = interval.seconds
        let quotient = passed >= 0 ? passed / length : -((-passed + length - 1) / length)
        return Instant(seconds: (quotient + 1) * length + phase)
    }

    /// FNV-1a. Unlike Swift's own hash, it is the same in each process.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
