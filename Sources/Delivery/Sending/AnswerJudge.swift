import Certificates
import CurlBinding
import LedgerStorage

/// Judges what came of an attempt: whether the receiver has the message, and when to try again.
///
/// Only a refusal that was seen, or a message of which no byte left, is known not to have arrived; everything else may
/// have, and is repeated under the same id.
package struct AnswerJudge: Sendable {
    private let schedule: RetrySchedule

    package init(schedule: RetrySchedule) {
        self.schedule = schedule
    }

    package func judge(_ result: TransferResult, of claim: Claim, at now: Instant) -> Settlement {
        let verdict = result.status.map { Self.verdict(status: $0, result) } ?? Self.verdict(withoutAnswer: result)
        let (consequence, closedUntil) = consequence(of: verdict, result, claim, now)
        return Settlement(
            outcome: verdict.outcome, consequence: consequence, receiverClosedUntil: closedUntil,
            status: result.status, detail: verdict.detail, milliseconds: result.timings.total / 1_000)
    }

    private struct Verdict {
        enum Next {
            case done
            /// Try this message again; whether the receiver as a whole is in trouble.
            case again(receiverIsInTrouble: Bool)
            case park
            case disable
        }

        let outcome: AttemptOutcome
        let next: Next
        let detail: String
    }

    private static func verdict(status: Int, _ result: TransferResult) -> Verdict {
        switch status {
        case 200...299:
            return Verdict(outcome: .delivered, next: .done, detail: "HTTP \(status)")
        case 300...399:
            let target = result.header("location").map { " to \($0.prefix(200))" } ?? ""
            return Verdict(
                outcome: .rejected, next: .park,
                detail: "HTTP \(status): redirected\(target); redirects are not followed, so set the final url")
        case 408, 425, 429:
            return Verdict(
                outcome: .rejected, next: .again(receiverIsInTrouble: true),
                detail: "HTTP \(status): too many or too early")
        case 410:
            return Verdict(
                outcome: .rejected, next: .disable, detail: "HTTP 410: the receiver is gone for good; change its url")
        case 400...499:
            return Verdict(
                outcome: .rejected, next: .park, detail: "HTTP \(status): refused\(answer(result))")
        case 503 where result.retryAfterSeconds != nil:
            return Verdict(
                outcome: .rejected, next: .again(receiverIsInTrouble: true), detail: "HTTP 503: asked to wait")
        default:
            // A proxy may answer so after the work was done.
            return Verdict(
                outcome: .unknown, next: .again(receiverIsInTrouble: status != 500),
                detail: "HTTP \(status): the receiver failed\(answer(result))")
        }
    }

    private static func verdict(withoutAnswer result: TransferResult) -> Verdict {
        let reason = result.message.isEmpty ? result.code.explanation : result.message
        // A transfer that was cancelled does not say how far it came.
        let neverLeft = result.uploadedBytes == 0 && result.code != .cancelled
        return Verdict(
            outcome: neverLeft ? .notSent : .unknown, next: .again(receiverIsInTrouble: true),
            detail: neverLeft ? "not sent: \(reason)" : "no answer: \(reason)")
    }

    private static func answer(_ result: TransferResult) -> String {
        let text = String(decoding: result.body.prefix(200), as: UTF8.self)
        return text.isEmpty ? "" : ": \(text)"
    }

    private func consequence(
        of verdict: Verdict, _ result: TransferResult, _ claim: Claim, _ now: Instant
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
            let asked = TimeSpan(seconds: Int64(max(0, result.retryAfterSeconds ?? 0)))
            let closedUntil = max(
                now + min(asked, RetrySchedule.longestRetryAfter),
                now + schedule.delay(afterFailures: claim.receiverFailures + 1))
            return (.retry(max(retryAt, closedUntil)), closedUntil)
        }
    }
}
