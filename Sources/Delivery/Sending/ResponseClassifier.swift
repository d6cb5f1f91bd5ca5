import Certificates
import CurlBinding
import LedgerStorage

/// Decides what follows from the result of an attempt: whether the message is settled, and when to retry it.
package struct ResponseClassifier: Sendable {
    private let schedule: RetrySchedule

    package init(schedule: RetrySchedule) {
        self.schedule = schedule
    }

    package func settlement(of result: AttemptResult, _ claim: Claim, terms: ClaimTerms, at now: Instant) -> Settlement
    {
        var consequence = consequence(of: result, claim, now)
        switch result.outcome {
        case .unknown where terms.holdsUnknown: consequence = .hold
        case .rejected where result.isOfContent: consequence = other(than: consequence, for: claim, terms)
        case .unknown, .rejected, .delivered, .notSent: break
        }
        return Settlement(
            outcome: result.outcome, consequence: consequence, evidence: result.evidence,
            jitter: schedule.drawJitter(), status: result.status, detail: result.detail,
            milliseconds: result.milliseconds)
    }

    /// A message whose content was refused is split or shortened first, and parked only if that is refused as well.
    private func other(
        than consequence: Settlement.Consequence, for claim: Claim, _ terms: ClaimTerms
    ) -> Settlement.Consequence {
        guard case .park = consequence else { return consequence }
        if claim.identities.count > 1, terms.batching?.splitsWhenRefused == true { return .split }
        return claim.message.isMinimal ? consequence : .simplify
    }

    /// The delay depends on this message's own failures. `ReceiverGate` decides how long the whole receiver pauses.
    private func consequence(of result: AttemptResult, _ claim: Claim, _ now: Instant) -> Settlement.Consequence {
        switch result.next {
        case .done: .delivered
        case .park: .park(now + RetrySchedule.parkedDelay)
        case .disable: .disable
        case .again: .retry(now + schedule.delay(afterFailures: claim.attempt))
        }
    }
}

extension AttemptResult {
    /// Whether the status is one for a body that the service does not understand or finds too large.
    fileprivate var isOfContent: Bool { status.map { [400, 413, 422].contains($0) } ?? false }
}
