import Certificates
import Scanning

/// When the daemon makes a pass, scans changed files, sends deliveries, reloads and ends: a state machine that reads no
/// clock.
struct DaemonSchedule {
    enum Event: Hashable, Sendable {
        case tick
        case reload
        /// A client of the listener orders a pass.
        case passOrdered
        /// The files of these sources may have changed.
        case changed(Set<FileSource>)
        /// The scan of changed files may be due.
        case rescan
        /// A pass, or a delivery between two passes, has ended.
        case idle
        case shutdown
        case graceIsOver
    }

    enum Reaction: Hashable {
        /// Check what is due.
        case check
        case wait
        /// Post `rescan` after the delay.
        case checkLater(TimeSpan)
        /// Stop when the work in progress has ended, or after the grace period.
        case beginGrace
        case end
    }

    enum Work: Hashable {
        case pass
        /// Sources whose files have changed, and due deliveries.
        case rescan(Set<FileSource>)
        /// Deliveries that are due between two passes.
        case delivery
    }

    /// A pass that takes longer counts as hung. The daemon then stops pinging the watchdog, and systemd restarts it.
    static let longestPass = TimeSpan.hours(1)

    private var nextPass: Instant
    private var busySince: Instant?
    private var reloadIsPending = false
    private var passIsOrdered = false
    private var isEnding = false
    private var rescans = RescanSchedule()
    private var isRescanning = false
    /// Whether a `rescan` is on its way.
    private var awaitsRescan = false

    init(nextPass: Instant) {
        self.nextPass = nextPass
    }

    /// Whether a pass or a delivery is in progress.
    var isBusy: Bool { busySince != nil }

    mutating func react(to event: Event, at now: Instant) -> Reaction {
        switch event {
        case .tick: return .check
        case .changed(let sources):
            rescans.note(sources, at: now)
            return awaitRescan(at: now)
        case .rescan:
            awaitsRescan = false
            return .check
        case .reload:
            reloadIsPending = true
            return .check
        case .passOrdered:
            passIsOrdered = true
            return .check
        case .idle:
            if let busySince, isRescanning { rescans.finish(from: busySince, at: now) }
            (busySince, isRescanning) = (nil, false)
            // Deliveries that became due meanwhile wait for the next tick, so that the daemon does not check in a loop.
            return isEnding ? .end : reloadIsPending || passIsOrdered ? .check : awaitRescan(at: now)
        case .shutdown:
            isEnding = true
            return busySince == nil ? .end : .beginGrace
        case .graceIsOver: return .end
        }
    }

    private mutating func awaitRescan(at now: Instant) -> Reaction {
        guard !rescans.waiting.isEmpty, !awaitsRescan else { return .wait }
        awaitsRescan = true
        return .checkLater(rescans.delay(at: now))
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
        guard passIsOrdered || now >= nextPass || nextPass - now > interval else {
            let changed = rescans.takeDue(at: now)
            isRescanning = !changed.isEmpty
            return isRescanning ? .rescan(changed) : .delivery
        }
        passIsOrdered = false
        nextPass = now + interval
        _ = rescans.takeAll()
        return .pass
    }
}
