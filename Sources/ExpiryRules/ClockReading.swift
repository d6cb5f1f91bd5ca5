import Certificates

/// What two clocks of one machine said at once: the one that people set, and the one that nobody can.
package struct ClockReading: Hashable, Sendable {
    package let wall: Instant
    /// Of the boot that `secondsSinceBoot` counts from, suspend included.
    package let bootID: String
    package let secondsSinceBoot: Int64

    package init(wall: Instant, bootID: String, secondsSinceBoot: Int64) {
        self.wall = wall
        self.bootID = bootID
        self.secondsSinceBoot = secondsSinceBoot
    }

    /// How the wall clock has gone since `earlier`. Across a reboot nobody knows how long the machine was off, so that only
    /// a step back is seen.
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

/// How a wall clock has gone between two looks.
package enum ClockStep: Hashable, Sendable {
    case steady
    /// Further ahead than time can have passed.
    case forward(TimeSpan)
    case back(TimeSpan)

    /// What the daemons that set clocks do every day.
    static let tolerance = TimeSpan(seconds: 300)
    /// A clock that gains more than this would have stages told that lie in the future.
    static let longestForward = TimeSpan.days(1)

    /// One sentence for people; nil when there is nothing to say.
    package var explanation: String? {
        switch self {
        case .steady: nil
        case .forward(let span):
            """
            this machine's clock was set forward by \(span), or the machine stood still for as long: what is told as expired \
            may not have; see `timedatectl`
            """
        case .back(let span):
            """
            this machine's clock was set back by \(span): what was told for a time that has not come is taken back and told \
            when it comes, and nothing else is told twice; see `timedatectl`
            """
        }
    }

    /// Whether people must hear of it: by so much, stages are told on the wrong day.
    package var isNews: Bool {
        switch self {
        case .steady: false
        case .forward: true
        case .back(let span): span > Self.longestForward
        }
    }
}
