import Certificates
import ExpiryRules
import Testing

struct ReachabilityRuleTests {
    private static let now = Instant(seconds: 1_800_000_000)
    private let rule = ReachabilityRule()

    private static func standing(
        failingFor: TimeSpan? = nil, waiting: Int = 0, lost: Int = 0, toldBefore: TimeSpan? = nil,
        _ change: (inout ReachabilityRule.Standing) -> Void = { _ in }
    ) -> ReachabilityRule.Standing {
        var standing = ReachabilityRule.Standing()
        standing.failingSince = failingFor.map { now - $0 }
        standing.isAwaited = waiting > 0
        standing.hasLost = lost > 0
        standing.notifiedAt = toldBefore.map { now - $0 }
        change(&standing)
        return standing
    }

    @Test(
        arguments: [
            ("a day without a delivery is news", standing(failingFor: .days(1), waiting: 1), .review, .notify),
            ("less is none", standing(failingFor: .hours(23), waiting: 1), .review, .nothing),
            ("nor a receiver for which nothing waits", standing(failingFor: .days(9)), .review, .nothing),
            ("nor one that does not fail", standing(waiting: 3), .review, .nothing),
            (
                "nor one that is known to refuse",
                standing(failingFor: .days(9), waiting: 1) { $0.isKnownToRefuse = true }, .review, .nothing
            ),
            (
                "nor one that is no receiver any more",
                standing(failingFor: .days(9), waiting: 1) { $0.isConfigured = false }, .review, .nothing
            ),
            ("the next stage is news at once", standing(failingFor: .hours(1), waiting: 1), .stageBegan, .notify),
            ("unless nothing fails", standing(waiting: 1), .stageBegan, .nothing),
            (
                "or it is known to refuse",
                standing(failingFor: .hours(1), waiting: 1) { $0.isKnownToRefuse = true }, .stageBegan, .nothing
            ),
            ("what expires undelivered is news", standing(lost: 1), .expired, .notify),
            (
                "also where it is known to refuse",
                standing(lost: 1) { $0.isKnownToRefuse = true }, .expired, .notify
            ),
            ("and news again", standing(failingFor: .days(9), lost: 1, toldBefore: .days(8)), .expired, .notifyAgain),
            ("but once an hour", standing(failingFor: .days(9), lost: 1, toldBefore: .hours(0)), .expired, .update),
            (
                "a new stage is none again",
                standing(failingFor: .days(9), waiting: 1, toldBefore: .days(8)), .stageBegan, .update
            ),
            ("it is over when something is taken", standing(waiting: 5, toldBefore: .days(1)), .taken, .close),
            (
                "or when a renewal has made needless what waited",
                standing(failingFor: .days(2), toldBefore: .days(1)), .review, .close
            ),
            (
                "but not when that expired",
                standing(failingFor: .days(2), lost: 1, toldBefore: .days(1)), .review, .update
            ),
            (
                "it is over for one that was taken out of the configuration",
                standing(lost: 1, toldBefore: .days(1)) { $0.isConfigured = false }, .review, .close
            ),
            ("what is taken without trouble is no news", standing(), .taken, .nothing),
        ] as [(String, ReachabilityRule.Standing, ReachabilityRule.Occasion, ReachabilityRule.Decision)])
    func `it is told when a receiver takes nothing`(
        what: String, standing: ReachabilityRule.Standing, occasion: ReachabilityRule.Occasion,
        decision: ReachabilityRule.Decision
    ) {
        #expect(rule.decide(standing, on: occasion, at: Self.now) == decision, "\(what)")
    }

    @Test func `the time is what the configuration says`() {
        let standing = Self.standing(failingFor: .hours(2), waiting: 1)
        #expect(ReachabilityRule(patience: .hours(2)).decide(standing, on: .review, at: Self.now) == .notify)
    }
}
