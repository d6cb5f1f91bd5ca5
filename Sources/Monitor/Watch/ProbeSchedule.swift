import Certificates
import Probing

/// When the endpoints that have an interval of their own are due: at fixed beats, spread over their intervals by their
/// names, so that thousands of them make an even load and none drifts. Pure: it reads no clock.
package struct ProbeSchedule {
    private struct Entry {
        let endpoint: Endpoint
        let interval: TimeSpan
        /// Where in the interval its beats lie.
        let phase: Int64
        var due: Instant
        var isUnderWay = false
    }

    private var entries: [Entry] = []
    /// How many rounds have begun and not ended.
    package private(set) var underWay = 0

    /// Each endpoint's first round is within one interval from `now`.
    package init(_ endpoints: [Endpoint], from now: Instant) {
        entries = endpoints.compactMap { endpoint in
            guard let interval = endpoint.interval else { return nil }
            let phase = Int64(Self.hash(endpoint.name) % UInt64(interval.seconds))
            let due = Self.beat(after: now - TimeSpan(seconds: 1), interval: interval, phase: phase)
            return Entry(endpoint: endpoint, interval: interval, phase: phase, due: due)
        }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// Takes out what is due, at most so many that `limit` are under way. What has no room stays due.
    ///
    /// A beat that passes while the endpoint's last round is still under way is left out: two rounds at once would
    /// measure each other. So is one that was missed while nobody could look.
    package mutating func takeDue(at now: Instant, limit: Int) -> [(index: Int, endpoint: Endpoint)] {
        var taken: [(index: Int, endpoint: Endpoint)] = []
        for index in entries.indices where underWay < limit {
            let entry = entries[index]
            // A beat further ahead than one interval was put there by a clock that ran ahead.
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

    /// FNV-1a: the same from start to start, unlike Swift's own.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
