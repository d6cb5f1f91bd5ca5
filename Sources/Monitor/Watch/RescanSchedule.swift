import Certificates
import Scanning

/// Decides when sources whose files have changed are scanned between two passes.
///
/// A renewal often changes several files one after another, the certificate before its key. So a scan waits until the
/// changes have paused, but not forever. And it waits longer when scans take long, so that a directory in which
/// something is always changing costs a bounded share of the time.
struct RescanSchedule {
    /// How long nothing must change before a scan.
    static let pause = TimeSpan(seconds: 2)
    /// How long changes without a pause delay a scan.
    static let longestDelay = TimeSpan(seconds: 10)
    /// The time between two scans, in durations of the last one.
    private static let rest: Int64 = 20
    private static let longestRest = TimeSpan(seconds: 300)

    /// The sources that may have changed since their last scan.
    private(set) var waiting: Set<FileSource> = []
    private var firstChange = Instant(seconds: 0)
    private var lastChange = Instant(seconds: 0)
    private var restsUntil = Instant(seconds: 0)

    /// Notes changes.
    mutating func note(_ sources: Set<FileSource>, at now: Instant) {
        if waiting.isEmpty { firstChange = now }
        lastChange = now
        waiting.formUnion(sources)
    }

    /// Removes and returns the sources that are to be scanned now; none if it is too early.
    mutating func takeDue(at now: Instant) -> Set<FileSource> {
        // A clock that was set back must not delay a scan.
        let hasPaused = now - lastChange >= Self.pause || now < lastChange
        let isOverdue = now - firstChange >= Self.longestDelay || now < firstChange
        guard !waiting.isEmpty, hasPaused || isOverdue, now >= restsUntil || now < lastChange else { return [] }
        return takeAll()
    }

    /// How long it takes until a scan may be due: at least a second.
    func delay(at now: Instant) -> TimeSpan {
        let due = min(lastChange + Self.pause, firstChange + Self.longestDelay)
        return max(TimeSpan(seconds: 1), max(due, restsUntil) - now)
    }

    /// Removes and returns all sources: a pass scans them now.
    mutating func takeAll() -> Set<FileSource> {
        defer { waiting = [] }
        return waiting
    }

    /// Notes how long the scans took that began at `start`.
    mutating func finish(from start: Instant, at now: Instant) {
        let duration = max(0, (now - start).seconds)
        restsUntil = now + min(TimeSpan(seconds: duration * Self.rest), Self.longestRest)
    }
}
