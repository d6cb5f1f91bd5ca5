import Certificates
import Testing

@testable import Monitor

/// The daemon's state machine, event by event.
struct DaemonScheduleTests {
    private static let start = Instant(seconds: 1_800_000_000)
    private static let interval = TimeSpan.hours(1)

    fileprivate enum Phase: CaseIterable {
        case idle, busy, busyWithReload, ending
    }

    fileprivate func schedule(_ phase: Phase) -> DaemonSchedule {
        var schedule = DaemonSchedule(nextPass: Self.start)
        guard phase != .idle else { return schedule }
        _ = schedule.begin(at: Self.start, every: Self.interval)
        if phase == .busyWithReload { _ = schedule.react(to: .reload) }
        if phase == .ending { _ = schedule.react(to: .shutdown) }
        return schedule
    }

    @Test(arguments: [
        (Phase.idle, [DaemonSchedule.Reaction.check, .check, .wait, .end, .end]),
        (.busy, [.check, .check, .wait, .beginGrace, .end]),
        (.busyWithReload, [.check, .check, .check, .beginGrace, .end]),
        (.ending, [.check, .check, .end, .beginGrace, .end]),
    ])
    fileprivate func `each event has one reaction in each phase`(phase: Phase, reactions: [DaemonSchedule.Reaction]) {
        for (event, reaction) in zip(DaemonSchedule.Event.allCases, reactions) {
            var schedule = schedule(phase)
            let found = schedule.react(to: event)
            #expect(found == reaction, "\(event) in \(phase)")
        }
    }

    @Test func `passes keep their interval, and deliveries are made between them`() {
        var schedule = DaemonSchedule(nextPass: Self.start)
        var work: [DaemonSchedule.Work] = []
        for minutes in stride(from: Int64(0), through: 120, by: 30) {
            work.append(schedule.begin(at: Self.start + TimeSpan(seconds: minutes * 60), every: Self.interval))
            let reaction = schedule.react(to: .idle)
            #expect(reaction == .wait)
        }
        #expect(work == [.pass, .delivery, .pass, .delivery, .pass])
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
        let reactions = [DaemonSchedule.Event.reload, .idle].map { schedule.react(to: $0) }
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
}
