import Certificates

/// When passes are made: at one time, and then once an interval.
struct PassTimes {
    let first: Instant
    private let interval: TimeSpan

    /// The passes from `now` on. After a last pass that was missed, or that a clock which ran ahead put into the future, the
    /// next one is made at once.
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
