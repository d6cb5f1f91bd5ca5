import Certificates

/// Whether the daemon does its work, judged by the progress of its passes and not by the fact that it answers.
enum Health: Hashable {
    case good(String)
    case bad(String)

    /// Passes may miss this many of their times.
    private static let missedPasses: Int64 = 3
    /// With short intervals, a single pass may take this long.
    private static let leastPatience = TimeSpan(seconds: 900)

    /// Whether the daemon makes progress: for a supervisor that restarts it if it does not.
    static func liveness(_ moment: DaemonState.Moment, at now: Instant) -> Health {
        let patience = max(
            leastPatience, TimeSpan(seconds: moment.settings.interval.seconds * missedPasses))
        let since = moment.hasFinishedPass ? "the last pass finished" : "no pass has finished since the start"
        guard now - moment.progressAt > patience else {
            return .good("notafter is healthy: \(since) at \(moment.progressAt)")
        }
        return .bad(
            """
            notafter is stuck: \(since) at \(moment.progressAt), and a pass is due every \(moment.settings.interval). Its log \
            says why
            """)
    }

    /// Whether it has something to show: for those who wait for it to start.
    static func readiness(_ moment: DaemonState.Moment, at now: Instant) -> Health {
        guard moment.hasFinishedPass else {
            return .bad("notafter is not ready: its first pass, begun at \(moment.progressAt), has not finished yet")
        }
        return liveness(moment, at: now)
    }
}
