import Certificates

/// A simultaneous reading of a machine's two clocks: the wall clock, and the boot clock, which cannot be set.
package struct ClockReading: Hashable, Sendable {
    package let wall: Instant
    /// The id of the boot from which `secondsSinceBoot` counts, suspend included.
    package let bootID: String
    package let secondsSinceBoot: Int64

    package init(wall: Instant, bootID: String, secondsSinceBoot: Int64) {
        self.wall = wall
        self.bootID = bootID
        self.secondsSinceBoot = secondsSinceBoot
    }

    /// The step of the wall clock since `earlier`. Across a reboot it is unknown how long the machine was off, so only
    /// a step back can be detected.
    package func step(since earlier: ClockReading) -> ClockStep {
        let isSameBoot = bootID == earlier.bootID
        let elapsed = isSameBoot ? max(0, secondsSinceBoot - earlier.secondsSinceBoot) : 0
        let step = wall - (earlier.wall + TimeSpan(seconds: elapsed))
        if step.seconds < -ClockStep.tolerance.seconds {
            return .back(TimeSpan(seconds: -step.seconds))
        }
        return isSameBoot && step > ClockStep.longestForward ? .forward(step) : .steady
    }
}

/// The step of a wall clock between two readings.
package enum ClockStep: Hashable, Sendable {
    case steady
    /// The clock is further ahead than the elapsed time explains.
    case forward(TimeSpan)
    case back(TimeSpan)

    /// Smaller corrections are normal for time synchronization.
    static let tolerance = TimeSpan(seconds: 300)
    /// After a larger step forward, stages that lie in the future would be sent.
    static let longestForward = TimeSpan.days(1)

    /// The facts of a finding about it; nil for a steady clock.
    package var fact: MachineFact? {
        switch self {
        case .steady: nil
        case .forward(let span): .clockSetForward(by: span)
        case .back(let span): .clockSetBack(by: span)
        }
    }

    /// Whether a notice is needed: with so large a step, stages are sent on the wrong day.
    package var isNews: Bool {
        switch self {
        case .steady: false
        case .forward: true
        case .back(let span): span > Self.longestForward
        }
    }
}
