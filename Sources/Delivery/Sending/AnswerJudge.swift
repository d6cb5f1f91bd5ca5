import Certificates
import CurlBinding
import LedgerStorage

/// Says what follows from a verdict: whether the message is settled, and when to try again.
package struct AnswerJudge: Sendable {
    private let schedule: RetrySchedule

    package init(schedule: RetrySchedule) {
        self.schedule = schedule
    }

    package func settlement(of verdict: Verdict, _ claim: Claim, terms: ClaimTerms, at now: Instant) -> Settlement {
        var (consequence, closedUntil) = consequence(of: verdict, claim, now)
        switch verdict.outcome {
        case .unknown where terms.holdsUnknown: consequence = .hold
        case .rejected where verdict.isOfContent: consequence = other(than: consequence, for: claim, terms)
        case .unknown, .rejected, .delivered, .notSent: break
        }
        return Settlement(
            outcome: verdict.outcome, consequence: consequence, receiverClosedUntil: closedUntil,
            status: verdict.status, detail: verdict.detail, milliseconds: verdict.milliseconds)
    }

    /// What is refused for what it says is said once more in another way, and parked only then.
    private func other(
        than consequence: Settlement.Consequence, for claim: Claim, _ terms: ClaimTerms
    ) -> Settlement.Consequence {
        guard case .park = consequence else { return consequence }
        if claim.identities.count > 1, terms.batching?.splitsWhenRefused == true { return .split }
        return claim.message.isMinimal ? consequence : .simplify
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

extension Verdict {
    /// Whether a service answered as they do to what they do not understand, or find too large.
    fileprivate var isOfContent: Bool { status.map { [400, 413, 422].contains($0) } ?? false }
}
