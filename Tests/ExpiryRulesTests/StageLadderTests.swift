import Certificates
import ExpiryRules
import Testing

struct StageLadderTests {
    private let notAfter = Instant(seconds: 1_800_000_000)
    private let month = Stage.before(.days(30))
    private let fortnight = Stage.before(.days(14))

    private func ladder(_ thresholds: [Threshold] = Registration.defaultThresholds, lifetime: TimeSpan = .days(365))
        -> StageLadder
    {
        StageLadder(thresholds: thresholds, validity: Validity(notBefore: notAfter - lifetime, notAfter: notAfter))
    }

    @Test(
        arguments: [
            (2_592_001, nil), (2_592_000, "30d"), (1_209_601, "30d"), (1_209_600, "14d"), (1, "14d"), (0, "14d"),
            (-1, "expired"), (-86_400 * 400, "expired"),
        ] as [(Int64, String?)])
    func `stages begin to the second, and the last second of validity is valid`(secondsLeft: Int64, stage: String?) {
        let now = notAfter - TimeSpan(seconds: secondsLeft)
        #expect(ladder().stage(expiry: .at(notAfter), at: now)?.description == stage)
    }

    @Test func `each stage is told once and names when to look again`() {
        let begin = notAfter - .days(30)
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [], at: begin)
                == .notify(month, missed: [], next: notAfter - .days(14)))
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [month], at: begin)
                == .hold(.alreadyNotified(month, next: notAfter - .days(14))))
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [month, fortnight], at: notAfter + TimeSpan(seconds: 1))
                == .notify(.expired, missed: [], next: nil))
    }

    @Test func `before the first threshold nothing is told, and the next look is at its second`() {
        let early = notAfter - .days(45)
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [], at: early)
                == .hold(.notYetDue(next: notAfter - .days(30))))
    }

    @Test func `waking late tells the most urgent stage only and says what was missed`() {
        let late = notAfter - .days(5)
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [], at: late)
                == .notify(fortnight, missed: [month], next: notAfter + TimeSpan(seconds: 1)))
        let muchLater = notAfter + .days(3)
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [month], at: muchLater)
                == .notify(.expired, missed: [fortnight], next: nil))
    }

    @Test func `a clock that jumps back tells nothing again`() {
        let back = notAfter - .days(20)
        #expect(
            ladder().decide(expiry: .at(notAfter), notified: [month, fortnight, .expired], at: back)
                == .hold(.alreadyNotified(month, next: notAfter - .days(14))))
    }

    @Test func `a daily comparison that was missed loses nothing`() {
        // The defect of Lemur and ca3s: `days == interval`. Here any run after the crossing sends the stage.
        for hoursLate in [1, 23, 25, 24 * 15] as [Int64] {
            let decision = ladder().decide(
                expiry: .at(notAfter), notified: [], at: notAfter - .days(30) + .hours(hoursLate))
            guard case .notify(.before, _, _) = decision else {
                Issue.record("\(hoursLate) h late: \(decision)")
                continue
            }
        }
    }

    @Test func `the last 24 hours and the first after expiry are told`() {
        // Uptime Kuma's defect: 0 days left is falsy, so nothing is sent on that day.
        let lastDay = ladder().decide(expiry: .at(notAfter), notified: [month], at: notAfter - .hours(1))
        #expect(lastDay == .notify(fortnight, missed: [], next: notAfter + TimeSpan(seconds: 1)))
        let firstDayAfter = ladder().decide(
            expiry: .at(notAfter), notified: [month, fortnight], at: notAfter + .hours(1))
        #expect(firstDayAfter == .notify(.expired, missed: [], next: nil))
    }

    @Test func `never expires and unreadable are held with their reasons`() {
        #expect(ladder().decide(expiry: .never, notified: [], at: notAfter) == .hold(.neverExpires))
        #expect(ladder().decide(expiry: .unreadable, notified: [], at: notAfter) == .hold(.expiryUnreadable))
    }

    @Test func `a share is a share of the lifetime`() {
        let shares = ladder([.share(percent: 33)], lifetime: .hours(24))
        #expect(shares.stages == [.before(TimeSpan(seconds: 28_512)), .expired])
    }

    @Test func `the last threshold before expiry is critical, a single one is a warning`() {
        #expect(ladder().severity(of: month) == .warning)
        #expect(ladder().severity(of: fortnight) == .critical)
        #expect(ladder().severity(of: .expired) == .critical)
        #expect(ladder([.span(.days(30))]).severity(of: month) == .warning)
    }

    @Test(arguments: ["30d", "33%", "1h"])
    func `a threshold reads what it prints`(text: String) {
        #expect(Threshold(parsing: text)?.description == text)
    }

    @Test(arguments: ["0", "0d", "0%", "100%", "3.5%", "-1d", "", "%"])
    func `what is no threshold is refused`(text: String) {
        #expect(Threshold(parsing: text) == nil)
    }
}
