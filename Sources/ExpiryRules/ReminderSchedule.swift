import Certificates

/// How often the most urgent stages are told again: the last before expiry, and `expired`.
///
/// Reminders lie on a grid that begins with their stage, and each has its number there, so that it is the same reminder
/// whoever decides it, and when. After an outage one is told, and the schedule goes on.
package struct ReminderSchedule: Hashable, Sendable {
    package let interval: TimeSpan

    package init(every interval: TimeSpan) {
        self.interval = interval
    }

    /// What was told of a stage so far.
    package struct Telling: Hashable, Sendable {
        package let stage: Stage
        /// The number of the last reminder; 0 when there was none.
        package let repetition: Int64
        /// When this was decided last.
        package let decidedAt: Instant

        package init(stage: Stage, repetition: Int64, decidedAt: Instant) {
            self.stage = stage
            self.repetition = repetition
            self.decidedAt = decidedAt
        }
    }

    /// Decides whether `told`, the most urgent stage that was told and is current, is told again.
    ///
    /// - Parameters:
    ///   - told: what was told of the stage.
    ///   - ladder: the stages of what expires.
    ///   - expiry: when it stops working.
    ///   - end: after this nobody needs to hear of it.
    ///   - now: the time of the decision.
    /// - Returns: which reminder to tell, if any, and when to decide again.
    package func decide(
        _ told: Telling, on ladder: StageLadder, expiry: Instant, until end: Instant, at now: Instant
    ) -> ReminderDecision {
        guard ladder.isLast(told.stage) else { return .hold(next: nil) }
        let beginning = told.stage.beginning(for: expiry)
        let number = max(0, (now - beginning).seconds / interval.seconds)
        func time(of number: Int64) -> Instant { beginning + TimeSpan(seconds: number * interval.seconds) }
        func ifUseful(_ instant: Instant) -> Instant? { instant <= end ? instant : nil }
        // A clock that was set back must not make the same reminders due again.
        let next = ifUseful(time(of: max(number, told.repetition) + 1))
        guard number > told.repetition, told.decidedAt < time(of: number), time(of: number) <= end else {
            return .hold(next: next)
        }
        return .remind(repetition: number, since: time(of: number), next: next)
    }
}

/// What is decided about a reminder.
package enum ReminderDecision: Hashable, Sendable {
    /// Tell the stage again, as its reminder of this number, which is due since then. `next` is when to decide again.
    case remind(repetition: Int64, since: Instant, next: Instant?)
    case hold(next: Instant?)

    /// When there may be something to decide; nil when there never is.
    package var next: Instant? {
        switch self {
        case .remind(_, _, let next), .hold(let next): next
        }
    }
}
