import Certificates

/// When the daemon makes a pass, sends deliveries, reloads and ends: a state machine that reads no clock.
struct DaemonSchedule {
    enum Event: Sendable, CaseIterable {
        case tick
        case reload
        /// A pass, or a delivery between two passes, has ended.
        case idle
        case shutdown
        case graceIsOver
    }

    enum Reaction: Hashable {
        /// Check what is due.
        case check
        case wait
        /// Stop when the work in progress has ended, or after the grace period.
        case beginGrace
        case end
    }

    enum Work: Hashable {
        case pass
        /// Deliveries that are due between two passes.
        case delivery
    }

    /// A pass that takes longer counts as hung. The daemon then stops pinging the watchdog, and systemd restarts it.
    static let longestPass = TimeSpan.hours(1)

    private var nextPass: Instant
    private var busySince: Instant?
    private var reloadIsPending = false
    private var isEnding = false

    init(nextPass: Instant) {
        self.nextPass = nextPass
    }

    /// Whether a pass or a delivery is in progress.
    var isBusy: Bool { busySince != nil }

    mutating func react(to event: Event) -> Reaction {
        switch event {
        case .tick: return .check
        case .reload:
            reloadIsPending = true
            return .check
        case .idle:
            busySince = nil
            // Deliveries that became due meanwhile wait for the next tick, so that the daemon does not check in a loop.
            return isEnding ? .end : reloadIsPending ? .check : .wait
        case .shutdown:
            isEnding = true
            return busySince == nil ? .end : .beginGrace
        case .graceIsOver: return .end
        }
    }

    /// Whether the work in progress has taken too long at `now`.
    func isHung(at now: Instant) -> Bool {
        busySince.map { now - $0 >= Self.longestPass } ?? false
    }

    /// Whether a reload was requested since the last one. A reloaded configuration gets a pass at once.
    mutating func takeReload(at now: Instant) -> Bool {
        guard reloadIsPending else { return false }
        reloadIsPending = false
        nextPass = now
        return true
    }

    /// Begins the work that is due at `now`.
    mutating func begin(at now: Instant, every interval: TimeSpan) -> Work {
        busySince = now
        // A next pass more than one interval ahead was scheduled by a clock that ran ahead.
        guard now >= nextPass || nextPass - now > interval else { return .delivery }
        nextPass = now + interval
        return .pass
    }
}
