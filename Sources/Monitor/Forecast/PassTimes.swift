import Certificates

/// The times of passes: the first one, and then one each interval.
struct PassTimes {
    let first: Instant
    private let interval: TimeSpan

    /// The passes from `now` on. If a pass was missed, or if a clock that ran ahead recorded the last pass in the
    /// future, the first pass is at once.
    init(after last: Instant, interval: TimeSpan, from now: Instant) {
        self.interval = interval
        first = last <= now && now < last + interval ? last + interval : now
    }

    /// The first pass at `instant` or later.
    func next(onOrAfter instant: Instant) -> Instant {
        guard instant > first else { return first }
        let intervals = ((instant - first).seconds + interval.seconds - 1) / interval.seconds
        return first + TimeSpan(seconds: intervals * interval.seconds)
    }

    func isPass(_ instant: Instant) -> Bool { next(onOrAfter: instant) == instant }
}
