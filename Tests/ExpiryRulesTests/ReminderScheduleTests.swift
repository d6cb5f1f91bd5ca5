import Certificates
import ExpiryRules
import Testing

struct ReminderScheduleTests {
    private let expiry = Instant(seconds: 1_800_000_000)
    private let fortnight = Stage.before(.days(14))
    private let daily = ReminderSchedule(every: .days(1))

    private var ladder: StageLadder {
        StageLadder(
            thresholds: Registration.defaultThresholds,
            validity: Validity(notBefore: expiry - .days(365), notAfter: expiry))
    }

    /// The decision `daysLeft` days before expiry, when the last notice or reminder of the stage was sent `notifiedAt` days
    /// before expiry.
    private func decide(
        _ stage: Stage, daysLeft: Int64, notifiedAt: Int64, repetition: Int64 = 0,
        every schedule: ReminderSchedule? = nil
    ) -> ReminderDecision {
        (schedule ?? daily).decide(
            .init(stage: stage, repetition: repetition, decidedAt: expiry - .days(notifiedAt)), on: ladder,
            expiry: expiry,
            until: expiry + .days(7), at: expiry - .days(daysLeft))
    }

    @Test(
        arguments: [
            // Sent on time: the first reminder is due a day later.
            (14, 14, 0, nil, 13), (13, 14, 0, 1, 12), (12, 13, 1, 2, 11),
            // Decided already.
            (12, 12, 2, nil, 11),
            // No pass for five days: one reminder, and the schedule continues.
            (7, 12, 2, 7, 6), (7, 7, 7, nil, 6),
            // First seen during the stage, which was sent today.
            (9, 9, 0, nil, 8), (8, 9, 0, 6, 7),
            // A clock that was set back makes nothing due again.
            (13, 9, 5, nil, 8), (20, 14, 0, nil, 13),
        ] as [(Int64, Int64, Int64, Int64?, Int64)])
    func `a stage is told again on its grid, once`(
        daysLeft: Int64, notifiedAt: Int64, repetition: Int64, reminder: Int64?, nextAt: Int64
    ) {
        let next = expiry - .days(nextAt)
        #expect(
            decide(fortnight, daysLeft: daysLeft, notifiedAt: notifiedAt, repetition: repetition)
                == (reminder.map { .remind(repetition: $0, since: expiry - .days(14 - $0), next: next) }
                    ?? .hold(next: next)))
    }

    @Test func `only the last threshold and the expiry are told again`() {
        #expect(decide(.before(.days(30)), daysLeft: 20, notifiedAt: 30) == .hold(next: nil))
        let dayAfter = Stage.expired.beginning(for: expiry) + .days(1)
        #expect(
            daily.decide(
                .init(stage: .expired, repetition: 0, decidedAt: expiry + TimeSpan(seconds: 1)), on: ladder,
                expiry: expiry, until: expiry + .days(7), at: dayAfter)
                == .remind(repetition: 1, since: dayAfter, next: dayAfter + .days(1)))
    }

    @Test func `a week after the end nobody is reminded any more`() {
        #expect(decide(.expired, daysLeft: -7, notifiedAt: 0, repetition: 5).next == nil)
        #expect(decide(.expired, daysLeft: -8, notifiedAt: 0, repetition: 0) == .hold(next: nil))
    }
}
