import Certificates
import ExpiryRules
import Testing

struct ClockReadingTests {
    private static let before = ClockReading(
        wall: Instant(seconds: 1_800_000_000), bootID: "boot", secondsSinceBoot: 1_000)

    private static func back(_ seconds: Int64) -> ClockStep { .back(TimeSpan(seconds: seconds)) }
    private static func forward(_ seconds: Int64) -> ClockStep { .forward(TimeSpan(seconds: seconds)) }

    private static let steps: [(wall: Int64, boot: Int64, step: ClockStep)] = [
        (3_600, 3_600, .steady), (0, 0, .steady), (3_456_000, 3_456_000, .steady), (3_300, 3_600, .steady),
        (3_299, 3_600, back(301)), (90_000, 3_600, .steady), (90_001, 3_600, forward(86_401)),
        (-3_456_000, 60, back(3_456_060)),
    ]

    @Test(arguments: steps)
    func `a step is what the wall clock went beyond the boot clock`(wall: Int64, boot: Int64, step: ClockStep) {
        let after = ClockReading(
            wall: Self.before.wall + TimeSpan(seconds: wall), bootID: "boot", secondsSinceBoot: 1_000 + boot)
        #expect(after.step(since: Self.before) == step)
    }

    private static let reboots: [(wall: Int64, step: ClockStep)] = [
        (3_456_000, .steady), (0, .steady), (-300, .steady), (-301, back(301)),
    ]

    @Test(arguments: reboots)
    func `across a reboot any time may have passed, but none backwards`(wall: Int64, step: ClockStep) {
        let after = ClockReading(
            wall: Self.before.wall + TimeSpan(seconds: wall), bootID: "next", secondsSinceBoot: 5)
        #expect(after.step(since: Self.before) == step)
    }
}
