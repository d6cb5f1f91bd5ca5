import Certificates
import CurlBinding
import ExpiryRules
import LedgerStorage

/// What one answer, or none, says about one attempt.
///
/// Only a refusal that was seen, or a message of which no byte left, is known not to have arrived; everything else may
/// have, and is repeated under the same id.
package struct AttemptResult: Hashable, Sendable {
    package enum Next: Hashable, Sendable {
        case done
        /// Try this message again; what its failure says about the receiver.
        case again(RetryCause)
        case park
        case disable
    }

    /// Why a message has to be tried again.
    package enum RetryCause: Hashable, Sendable {
        /// It failed; another one may not.
        case messageFailed
        /// The receiver cannot be reached.
        case unreachable
        /// The receiver asks for a pause.
        case busy
        /// We called the attempt off.
        case calledOff
    }

    package let outcome: AttemptOutcome
    package let next: Next
    /// For people; no secret.
    package let detail: String
    /// HTTP's or SMTP's; nil where there was no answer.
    package let status: Int?
    /// As the receiver asked, in seconds.
    package var retryAfterSeconds: Int?
    package let milliseconds: Int

    package init(
        _ outcome: AttemptOutcome, _ next: Next, _ detail: String, status: Int? = nil, retryAfterSeconds: Int? = nil,
        milliseconds: Int = 0
    ) {
        self.outcome = outcome
        self.next = next
        self.detail = detail
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.milliseconds = milliseconds
    }

    /// As `init(_:_:_:)`, with the figures of `result`.
    package init(_ outcome: AttemptOutcome, _ next: Next, _ detail: String, of result: TransferResult) {
        self.init(
            outcome, next, detail, status: result.status, retryAfterSeconds: result.retryAfterSeconds,
            milliseconds: result.timings.total / 1_000)
    }

    /// What an answer of HTTP means where the service has no rule of its own.
    package init(_ result: TransferResult) {
        if let status = result.status {
            self.init(status: status, result)
        } else {
            self.init(withoutAnswer: result)
        }
    }

    private init(status: Int, _ result: TransferResult) {
        switch status {
        case 200...299:
            self.init(.delivered, .done, "HTTP \(status)", of: result)
        case 300...399:
            let target = result.header("location").map { " to \($0.prefix(200))" } ?? ""
            self.init(
                .rejected, .park,
                "HTTP \(status): redirected\(target); redirects are not followed, so set the final url", of: result)
        case 408, 425, 429:
            self.init(
                .rejected, .again(Self.cause(of: result, or: status == 429 ? .busy : .messageFailed)),
                "HTTP \(status): too many or too early", of: result)
        case 410:
            self.init(
                .rejected, .disable, "HTTP 410: the receiver is gone for good; change its url", of: result)
        case 400...499:
            self.init(.rejected, .park, "HTTP \(status): refused\(Self.answer(result))", of: result)
        case 503 where result.retryAfterSeconds != nil:
            self.init(.rejected, .again(.busy), "HTTP 503: asked to wait", of: result)
        default:
            // A proxy may answer so after the work was done.
            self.init(
                .unknown, .again(Self.cause(of: result, or: .messageFailed)),
                "HTTP \(status): the receiver failed\(Self.answer(result))", of: result)
        }
    }

    /// A `Retry-After` is a wish of the receiver, whatever the status beside it.
    private static func cause(of result: TransferResult, or cause: RetryCause) -> RetryCause {
        result.retryAfterSeconds == nil ? cause : .busy
    }

    init(withoutAnswer result: TransferResult) {
        let reason = result.message.isEmpty ? result.code.explanation : result.message
        // A transfer that was cancelled does not say how far it came.
        let neverLeft = result.uploadedBytes == 0 && result.code != .cancelled
        self.init(
            neverLeft ? .notSent : .unknown,
            .again(neverLeft ? .unreachable : result.code == .cancelled ? .calledOff : .messageFailed),
            neverLeft ? "not sent: \(reason)" : "no answer: \(reason)", of: result)
    }

    /// What the attempt says about the receiver.
    var evidence: ReceiverEvidence {
        switch next {
        case .done, .park, .disable: .answered
        case .again(.messageFailed): .messageFailed
        case .again(.unreachable): .unreachable
        case .again(.busy): .busy(TimeSpan(seconds: Int64(max(0, retryAfterSeconds ?? 0))))
        case .again(.calledOff): .nothing
        }
    }

    /// What the answer says, as a clause; empty when it says nothing.
    static func answer(_ result: TransferResult) -> String {
        let text = String(decoding: result.body.prefix(200), as: UTF8.self)
        return text.isEmpty ? "" : ": \(text)"
    }
}
