import Certificates
import CurlBinding
import LedgerStorage

/// Says what follows from a verdict: whether the message is settled, and when to try again.
package struct AnswerJudge: Sendable {
    private let schedule: RetrySchedule

    package init(schedule: RetrySchedule) {
        self.schedule = schedule
    }

    package func settlement(of verdict: Verdict, _ claim: Claim, at now: Instant) -> Settlement {
        let (consequence, closedUntil) = consequence(of: verdict, claim, now)
        return Settlement(
            outcome: verdict.outcome, consequence: consequence, receiverClosedUntil: closedUntil,
            status: verdict.status, detail: verdict.detail, milliseconds: verdict.milliseconds)
    }

    private func consequence(
        of verdict: Verdict, _ claim: Claim, _ now: Instant
    ) -> (Settlement.Consequence, closedUntil: Instant?) {
        switch verdict.next {
        case .done:
            return (.delivered, nil)
        case .park:
            return (.park(now + RetrySchedule.parkedDelay), nil)
        case .disable:
            return (.disable, nil)
        case .again(let receiverIsInTrouble):
            let retryAt = now + schedule.delay(afterFailures: claim.attempt)
            guard receiverIsInTrouble else { return (.retry(retryAt), nil) }
            let asked = TimeSpan(seconds: Int64(max(0, verdict.retryAfterSeconds ?? 0)))
            let closedUntil = max(
                now + min(asked, RetrySchedule.longestRetryAfter),
                now + schedule.delay(afterFailures: claim.receiverFailures + 1))
            return (.retry(max(retryAt, closedUntil)), closedUntil)
        }
    }
}
