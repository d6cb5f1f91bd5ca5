import Certificates
import Scanning
import Testing

@testable import Monitor

/// The daemon's state machine, event by event.
struct DaemonScheduleTests {
    private static let start = Instant(seconds: 1_800_000_000)
    private static let interval = TimeSpan.hours(1)
    private static let fleet = FileSource(registration: "fleet", pattern: PathPattern("/pki"))
    private static let pause = RescanSchedule.pause
    private static let events: [DaemonSchedule.Event] = [
        .tick, .reload, .idle, .shutdown, .graceIsOver, .changed([fleet]), .rescan, .passOrdered,
    ]

    fileprivate enum Phase: CaseIterable {
        case idle, busy, busyWithReload, ending
    }

    fileprivate func schedule(_ phase: Phase) -> DaemonSchedule {
        var schedule = DaemonSchedule(nextPass: Self.start)
        guard phase != .idle else { return schedule }
        _ = schedule.begin(at: Self.start, every: Self.interval)
        if phase == .busyWithReload { _ = schedule.react(to: .reload, at: Self.start) }
        if phase == .ending { _ = schedule.react(to: .shutdown, at: Self.start) }
        return schedule
    }

    @Test(arguments: [
        (Phase.idle, [DaemonSchedule.Reaction.check, .check, .wait, .end, .end, .checkLater(pause), .check, .check]),
        (.busy, [.check, .check, .wait, .beginGrace, .end, .checkLater(pause), .check, .check]),
        (.busyWithReload, [.check, .check, .check, .beginGrace, .end, .checkLater(pause), .check, .check]),
        (.ending, [.check, .check, .end, .beginGrace, .end, .checkLater(pause), .check, .check]),
    ])
    fileprivate func `each event has one reaction in each phase`(phase: Phase, reactions: [DaemonSchedule.Reaction]) {
        for (event, reaction) in zip(Self.events, reactions) {
            var schedule = schedule(phase)
            let found = schedule.react(to: event, at: Self.start)
            #expect(found == reaction, "\(event) in \(phase)")
        }
    }

    @Test func `passes keep their interval, and deliveries are made between them`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        var work: [DaemonSchedule.Work] = []
        for minutes in stride(from: Int64(0), through: 120, by: 30) {
            work.append(schedule.begin(at: Self.start + TimeSpan(seconds: minutes * 60), every: Self.interval))
            let reaction = schedule.react(to: .idle, at: Self.start)
            #expect(reaction == .wait)
        }
        #expect(work == [.pass, .delivery, .pass, .delivery, .pass])
    }

    @Test func `a pass that is ordered follows the work in progress, and orders before it make one pass`() {
        var schedule = schedule(.busy)
        _ = schedule.react(to: .passOrdered, at: Self.start)
        _ = schedule.react(to: .passOrdered, at: Self.start)
        let reaction = schedule.react(to: .idle, at: Self.start)
        #expect(reaction == .check)
        let work = (0..<2).map { _ in schedule.begin(at: Self.start, every: Self.interval) }
        #expect(work == [.pass, .delivery])
    }

    @Test func `hours of sleep make one pass`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        let work = (0..<2).map { _ in schedule.begin(at: Self.start + .hours(9), every: Self.interval) }
        #expect(work == [.pass, .delivery])
    }

    @Test(arguments: [(TimeSpan(seconds: 1), DaemonSchedule.Work.pass), (TimeSpan(seconds: 0), .delivery)])
    func `a pass that a fast clock scheduled too far ahead is made now`(beyond: TimeSpan, work: DaemonSchedule.Work) {
        var schedule = DaemonSchedule(nextPass: Self.start + Self.interval + beyond)
        let begun = schedule.begin(at: Self.start, every: Self.interval)
        #expect(begun == work)
    }

    @Test func `a reload is taken once, and a pass follows at once`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        _ = schedule.begin(at: Self.start, every: Self.interval)
        let reactions = [DaemonSchedule.Event.reload, .idle].map { schedule.react(to: $0, at: Self.start) }
        #expect(reactions == [.check, .check] && !schedule.isBusy)
        let now = Self.start + TimeSpan(seconds: 60)
        let taken = (0..<2).map { _ in schedule.takeReload(at: now) }
        #expect(taken == [true, false])
        let work = schedule.begin(at: now, every: Self.interval)
        #expect(work == .pass)
    }

    @Test func `work of an hour counts as hung, and none is not`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        #expect(!schedule.isHung(at: Self.start + .days(1)))
        _ = schedule.begin(at: Self.start, every: Self.interval)
        #expect(!schedule.isHung(at: Self.start + DaemonSchedule.longestPass - TimeSpan(seconds: 1)))
        #expect(schedule.isHung(at: Self.start + DaemonSchedule.longestPass))
    }

    @Test func `changed files are scanned after a pause, between two passes`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        let first = schedule.begin(at: Self.start, every: Self.interval)
        var now = Self.start + TimeSpan(seconds: 1)
        let whileBusy = schedule.react(to: .changed([Self.fleet]), at: now)
        #expect(first == .pass && whileBusy == .checkLater(Self.pause))
        let again = schedule.react(to: .changed([Self.fleet]), at: now)
        #expect(again == .wait, "one check is on its way already")
        now = now + Self.pause
        let reactions = [DaemonSchedule.Event.rescan, .idle].map { schedule.react(to: $0, at: now) }
        #expect(reactions == [.check, .checkLater(TimeSpan(seconds: 1))], "the pass was busy until now")
        let checked = schedule.react(to: .rescan, at: now)
        let work = (0..<2).map { _ in schedule.begin(at: now, every: Self.interval) }
        #expect(checked == .check && work == [.rescan([Self.fleet]), .delivery])
    }

    @Test func `a pass scans changed files with all others`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        _ = schedule.react(to: .changed([Self.fleet]), at: Self.start)
        let work = (0..<2).map { _ in schedule.begin(at: Self.start + Self.pause, every: Self.interval) }
        #expect(work == [.pass, .delivery])
    }
}
