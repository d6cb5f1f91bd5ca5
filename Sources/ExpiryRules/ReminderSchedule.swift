import Certificates

/// The reminders of the most urgent stages: the last one before expiry, and `expired`.
///
/// Reminders are due at fixed times that count from the start of their stage, and each has a number, so that every node
/// and every run decides the same reminder. After an outage only one is sent, and the schedule continues.
package struct ReminderSchedule: Hashable, Sendable {
    package let interval: TimeSpan

    package init(every interval: TimeSpan) {
        self.interval = interval
    }

    /// The last notice of a stage.
    package struct Telling: Hashable, Sendable {
        package let stage: Stage
        /// The number of the last reminder; 0 if there was none.
        package let repetition: Int64
        /// When this notice was decided.
        package let decidedAt: Instant

        package init(stage: Stage, repetition: Int64, decidedAt: Instant) {
            self.stage = stage
            self.repetition = repetition
            self.decidedAt = decidedAt
        }
    }

    /// Decides whether a reminder of the current stage is due.
    ///
    /// - Parameters:
    ///   - notified: the last notice of the stage.
    ///   - ladder: the stages of the object.
    ///   - expiry: when the object stops working.
    ///   - end: after this no reminder is useful.
    ///   - now: the time of the decision.
    /// - Returns: the reminder to send, if any, and when to decide again.
    package func decide(
        _ notified: Telling, on ladder: StageLadder, expiry: Instant, until end: Instant, at now: Instant
    ) -> ReminderDecision {
        guard ladder.isLast(notified.stage) else { return .hold(next: nil) }
        let beginning = notified.stage.beginning(for: expiry)
        let number = max(0, (now - beginning).seconds / interval.seconds)
        func time(of number: Int64) -> Instant { beginning + TimeSpan(seconds: number * interval.seconds) }
        func ifUseful(_ instant: Instant) -> Instant? { instant <= end ? instant : nil }
        // A clock that was set back must not make the same reminders due again.
        let next = ifUseful(time(of: max(number, notified.repetition) + 1))
        guard number > notified.repetition, notified.decidedAt < time(of: number), time(of: number) <= end else {
            return .hold(next: next)
        }
        return .remind(repetition: number, since: time(of: number), next: next)
    }
}

/// The decision about a reminder.
package enum ReminderDecision: Hashable, Sendable {
    /// Send the reminder with this number, which is due since `since`. `next` is when to decide again.
    case remind(repetition: Int64, since: Instant, next: Instant?)
    case hold(next: Instant?)

    /// When to decide again; nil for never.
    package var next: Instant? {
        switch self {
        case .remind(_, _, let next), .hold(let next): next
        }
    }
}
