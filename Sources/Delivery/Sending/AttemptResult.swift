import Certificates
import CurlBinding
import ExpiryRules
import LedgerStorage

/// The result of one attempt, from the answer or its absence.
///
/// A message is known not to have arrived only if the receiver refused it or no byte was sent. In all other cases it
/// may have arrived, and the retry has the same id.
package struct AttemptResult: Hashable, Sendable {
    package enum Next: Hashable, Sendable {
        case done
        /// Try this message again. The cause says what the failure implies about the receiver.
        case again(RetryCause)
        case park
        case disable
    }

    /// Why a message is retried.
    package enum RetryCause: Hashable, Sendable {
        /// This message failed; another one may succeed.
        case messageFailed
        /// The receiver cannot be reached.
        case unreachable
        /// The receiver asks for a pause.
        case busy
        /// We cancelled the attempt.
        case calledOff
    }

    package let outcome: AttemptOutcome
    package let next: Next
    /// For people. It contains no secret.
    package let detail: String
    /// The status code of HTTP or SMTP; nil without an answer.
    package let status: Int?
    /// The pause that the receiver asked for, in seconds.
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

    /// As `init(_:_:_:)`, with status, pause and duration of `result`.
    package init(_ outcome: AttemptOutcome, _ next: Next, _ detail: String, of result: TransferResult) {
        self.init(
            outcome, next, detail, status: result.status, retryAfterSeconds: result.retryAfterSeconds,
            milliseconds: result.timings.total / 1_000)
    }

    /// Interprets an HTTP answer by the general rules, for services without rules of their own.
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
            // A proxy can answer 5xx after the service has processed the request, so the outcome is unknown.
            self.init(
                .unknown, .again(Self.cause(of: result, or: .messageFailed)),
                "HTTP \(status): the receiver failed\(Self.answer(result))", of: result)
        }
    }

    /// With a `Retry-After` the receiver asks for a pause, whatever the status.
    private static func cause(of result: TransferResult, or cause: RetryCause) -> RetryCause {
        result.retryAfterSeconds == nil ? cause : .busy
    }

    init(withoutAnswer result: TransferResult) {
        let reason = result.message.isEmpty ? result.code.explanation : result.message
        // A cancelled transfer does not report how many bytes it sent.
        let neverLeft = result.uploadedBytes == 0 && result.code != .cancelled
        self.init(
            neverLeft ? .notSent : .unknown,
            .again(neverLeft ? .unreachable : result.code == .cancelled ? .calledOff : .messageFailed),
            neverLeft ? "not sent: \(reason)" : "no answer: \(reason)", of: result)
    }

    /// The evidence about the receiver, for its gate.
    var evidence: ReceiverEvidence {
        switch next {
        case .done, .park, .disable: .answered
        case .again(.messageFailed): .messageFailed
        case .again(.unreachable): .unreachable
        case .again(.busy): .busy(TimeSpan(seconds: Int64(max(0, retryAfterSeconds ?? 0))))
        case .again(.calledOff): .nothing
        }
    }

    /// The start of the answer's body as a clause; empty without a body.
    static func answer(_ result: TransferResult) -> String {
        let text = String(decoding: result.body.prefix(200), as: UTF8.self)
        return text.isEmpty ? "" : ": \(text)"
    }
}
