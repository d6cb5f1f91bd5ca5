import Certificates
import CurlBinding
import LedgerStorage

/// Says what follows from a verdict: whether the message is settled, and when to try it again.
package struct ResponseClassifier: Sendable {
    private let schedule: RetrySchedule

    package init(schedule: RetrySchedule) {
        self.schedule = schedule
    }

    package func settlement(of verdict: AttemptResult, _ claim: Claim, terms: ClaimTerms, at now: Instant) -> Settlement
    {
        var consequence = consequence(of: verdict, claim, now)
        switch verdict.outcome {
        case .unknown where terms.holdsUnknown: consequence = .hold
        case .rejected where verdict.isOfContent: consequence = other(than: consequence, for: claim, terms)
        case .unknown, .rejected, .delivered, .notSent: break
        }
        return Settlement(
            outcome: verdict.outcome, consequence: consequence, evidence: verdict.evidence,
            jitter: schedule.drawJitter(), status: verdict.status, detail: verdict.detail,
            milliseconds: verdict.milliseconds)
    }

    /// What is refused for what it says is said once more in another way, and parked only then.
    private func other(
        than consequence: Settlement.Consequence, for claim: Claim, _ terms: ClaimTerms
    ) -> Settlement.Consequence {
        guard case .park = consequence else { return consequence }
        if claim.identities.count > 1, terms.batching?.splitsWhenRefused == true { return .split }
        return claim.message.isMinimal ? consequence : .simplify
    }

    /// A message waits by its own failures alone; how long its receiver is left alone is the gate's affair.
    private func consequence(of verdict: AttemptResult, _ claim: Claim, _ now: Instant) -> Settlement.Consequence {
        switch verdict.next {
        case .done: .delivered
        case .park: .park(now + RetrySchedule.parkedDelay)
        case .disable: .disable
        case .again: .retry(now + schedule.delay(afterFailures: claim.attempt))
        }
    }
}

extension AttemptResult {
    /// Whether a service answered as they do to what they do not understand, or find too large.
    fileprivate var isOfContent: Bool { status.map { [400, 413, 422].contains($0) } ?? false }
}
