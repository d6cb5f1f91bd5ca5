import Certificates
import Scanning
import Testing

@testable import Monitor

@Suite struct `Schedule of scans of changed files` {
    private static let start = Instant(seconds: 1_800_000_000)
    private static let first = FileSource(registration: "first", pattern: PathPattern("/first"))
    private static let second = FileSource(registration: "second", pattern: PathPattern("/second"))

    private var schedule = RescanSchedule()

    private func after(_ seconds: Int64) -> Instant { Self.start + TimeSpan(seconds: seconds) }

    @Test mutating func `nothing is due without a change`() {
        #expect(schedule.takeDue(at: Self.start).isEmpty)
        #expect(schedule.waiting.isEmpty)
    }

    @Test mutating func `a scan waits until the changes have paused, and takes all that changed`() {
        schedule.note([Self.first], at: after(0))
        schedule.note([Self.second], at: after(1))
        #expect(schedule.takeDue(at: after(2)).isEmpty)
        #expect(schedule.takeDue(at: after(3)) == [Self.first, Self.second])
        #expect(schedule.takeDue(at: after(60)).isEmpty)
    }

    @Test mutating func `changes without a pause delay a scan for ten seconds`() {
        for second in Int64(0)..<10 {
            schedule.note([Self.first], at: after(second))
            #expect(schedule.takeDue(at: after(second)).isEmpty)
        }
        schedule.note([Self.first], at: after(10))
        #expect(schedule.takeDue(at: after(10)) == [Self.first])
    }

    @Test(arguments: [(0, 0), (1, 20), (10, 200), (100, 300)] as [(Int64, Int64)])
    mutating func `after a scan it rests for twenty times as long, at most five minutes`(took: Int64, rest: Int64) {
        schedule.finish(from: after(-took), at: after(0))
        schedule.note([Self.first], at: after(0))
        let due = max(rest, RescanSchedule.pause.seconds)
        #expect(schedule.delay(at: after(0)).seconds == due)
        #expect(schedule.takeDue(at: after(due - 1)).isEmpty)
        #expect(schedule.takeDue(at: after(due)) == [Self.first])
    }

    @Test mutating func `a clock that is set back delays nothing`() {
        schedule.finish(from: after(-60), at: after(0))
        schedule.note([Self.first], at: after(0))
        #expect(schedule.takeDue(at: after(-3_600)) == [Self.first])
    }

    @Test mutating func `a pass takes all changes at once`() {
        schedule.note([Self.first], at: after(0))
        #expect(schedule.takeAll() == [Self.first])
        #expect(schedule.takeDue(at: after(60)).isEmpty)
    }
}
