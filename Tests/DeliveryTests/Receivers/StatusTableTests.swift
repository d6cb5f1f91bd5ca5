import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Every HTTP status from 200 to 599 against every receiver over HTTP.
struct StatusTableTests {
    /// The meaning of a response with `status` and an uninformative body, as in docs/receivers.md.
    private static func expected(_ kind: ReceiverKind, _ status: Int) -> (AttemptOutcome, AttemptResult.Next) {
        let retry = AttemptResult.Next.again(.messageFailed)
        switch (kind, status) {
        case (.slack, 200...299), (.telegram, 200...299): return (.unknown, retry)
        case (.pagerduty, 202), (.opsgenie, 202): return (.delivered, .done)
        case (.pagerduty, 200...299), (.opsgenie, 200...299): return (.unknown, retry)
        case (.discord, 404): return (.rejected, .disable)
        case (.mattermost, 404): return (.rejected, retry)
        case (_, 200...299): return (.delivered, .done)
        case (_, 408), (_, 425): return (.rejected, retry)
        case (_, 429): return (.rejected, .again(.busy))
        case (_, 410): return (.rejected, .disable)
        case (_, 300...499): return (.rejected, .park)
        default: return (.unknown, retry)
        }
    }

    @Test(arguments: ServiceTests.overHTTP)
    func `every status has its outcome`(kind: ReceiverKind) throws {
        let receiver = try receiver(kind)
        for status in 200...599 {
            let verdict = receiver.verdict(of: TransferResult(code: .ok, status: status))
            let (outcome, next) = Self.expected(kind, status)
            #expect(verdict.outcome == outcome && verdict.next == next, "\(kind) HTTP \(status): \(verdict)")
            #expect(verdict.status == status)
        }
    }

    @Test(
        arguments: [
            (.slack, 200, "ok", .delivered, .done),
            (.slack, 200, "invalid", .unknown, .again(.messageFailed)),
            (.slack, 404, "no_service", .rejected, .disable), (.slack, 404, "channel_not_found", .rejected, .park),
            (.slack, 410, "channel_is_archived", .rejected, .disable),
            (.slack, 403, "action_prohibited", .rejected, .park), (.slack, 400, "invalid_payload", .rejected, .park),
            (.teams, 200, "Teams returned HTTP error 429", .rejected, .again(.busy)),
            (.teams, 200, "Webhook message delivery failed with error: HTTP error 413", .rejected, .park),
            (.teams, 202, "", .delivered, .done), (.telegram, 200, #"{"ok":true}"#, .delivered, .done),
            (.telegram, 200, #"{"ok":false}"#, .unknown, .again(.messageFailed)),
            (.telegram, 403, #"{"ok":false,"description":"bot was blocked by the user"}"#, .rejected, .park),
        ] as [(ReceiverKind, Int, String, AttemptOutcome, AttemptResult.Next)])
    func `where a service says more by its body, that counts`(
        kind: ReceiverKind, status: Int, body: String, outcome: AttemptOutcome, next: AttemptResult.Next
    ) throws {
        let receiver = try receiver(kind)
        let verdict = receiver.verdict(of: TransferResult(code: .ok, status: status, body: Array(body.utf8)))
        #expect(verdict.outcome == outcome && verdict.next == next)
    }

    @Test(
        arguments: [
            (.discord, #"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#, nil, 65),
            (.discord, #"{"retry_after":1e300}"#, 7, 7), (.discord, "not json", 7, 7),
            (.telegram, #"{"ok":false,"error_code":429,"parameters":{"retry_after":31}}"#, nil, 31),
            (.pagerduty, "", nil, 180), (.slack, #"{"retry_after":1,"ok":false,"error":"rate_limited"}"#, 30, 30),
        ] as [(ReceiverKind, String, Int?, Int)])
    func `a service's own word on when to come back is heard`(
        kind: ReceiverKind, body: String, header: Int?, seconds: Int
    ) throws {
        let receiver = try receiver(kind)
        let verdict = receiver.verdict(
            of: TransferResult(code: .ok, status: 429, body: Array(body.utf8), retryAfterSeconds: header))
        #expect(verdict.retryAfterSeconds == seconds)
    }

    private func receiver(_ kind: ReceiverKind) throws -> any HTTPReceiver {
        let configured = try ReceiverLab().receiver(kind, at: "http://127.0.0.1:1")
        return try #require(configured.receiver as? any HTTPReceiver)
    }
}
