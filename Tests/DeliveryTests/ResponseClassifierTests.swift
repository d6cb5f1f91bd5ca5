import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

struct AnswerJudgeTests {
    private let now = Instant(seconds: 1_800_000_000)
    private let terms = ClaimTerms(lease: TimeSpan(seconds: 60))
    private let classifier = ResponseClassifier(schedule: RetrySchedule(jitter: { 1_000 }))

    private func claim() async throws -> Claim {
        let directory = try TemporaryDirectory()
        return try await OutboxSample(directory, at: now).claim()
    }

    private func expectation(status: Int) -> (AttemptOutcome, String) {
        switch status {
        case 200...299: (.delivered, "delivered")
        case 408, 425, 429: (.rejected, "retry")
        case 410: (.rejected, "disable")
        case 400, 413, 422: (.rejected, "simplify")
        case 300...499: (.rejected, "park")
        default: (.unknown, "retry")
        }
    }

    private func name(_ consequence: Settlement.Consequence) -> String {
        switch consequence {
        case .delivered: "delivered"
        case .retry: "retry"
        case .hold: "hold"
        case .simplify: "simplify"
        case .split: "split"
        case .park: "park"
        case .disable: "disable"
        }
    }

    @Test func `every HTTP status has its outcome`() async throws {
        let claim = try await claim()
        for status in 200...599 {
            let settlement = classifier.settlement(
                of: AttemptResult(TransferResult(code: .ok, status: status)), claim, terms: terms, at: now)
            let (outcome, consequence) = expectation(status: status)
            #expect(settlement.outcome == outcome, "HTTP \(status)")
            #expect(name(settlement.consequence) == consequence, "HTTP \(status)")
        }
    }

    @Test(
        arguments: [
            (.connectFailed, 0, .notSent), (.nameLookupFailed, 0, .notSent), (.tlsHandshakeFailed, 0, .notSent),
            (.peerVerificationFailed, 0, .notSent), (.timedOut, 0, .notSent), (.timedOut, 100, .unknown),
            (.receiveFailed, 100, .unknown), (.gotNothing, 100, .unknown), (.sendFailed, 50, .unknown),
            (.cancelled, 0, .unknown),
        ] as [(TransferCode, Int, AttemptOutcome)])
    func `without an answer, only what never left is known not to have arrived`(
        code: TransferCode, uploaded: Int, outcome: AttemptOutcome
    ) async throws {
        let settlement = classifier.settlement(
            of: AttemptResult(TransferResult(code: code, uploadedBytes: uploaded)), try await claim(), terms: terms,
            at: now)
        #expect(settlement.outcome == outcome)
        #expect(settlement.consequence == .retry(now + TimeSpan(seconds: 5)))
        let evidence: ReceiverEvidence =
            outcome == .notSent ? .unreachable : code == .cancelled ? .nothing : .messageFailed
        #expect(settlement.evidence == evidence)
    }

    @Test(
        arguments: [
            (200, nil, .answered), (404, nil, .answered), (410, nil, .answered), (500, nil, .messageFailed),
            (503, nil, .messageFailed), (408, nil, .messageFailed), (429, nil, .busy(TimeSpan(seconds: 0))),
            (429, 3_600, .busy(.hours(1))), (503, 60, .busy(TimeSpan(seconds: 60))),
            (502, 60, .busy(TimeSpan(seconds: 60))), (429, -5, .busy(TimeSpan(seconds: 0))),
        ] as [(Int, Int?, ReceiverEvidence)])
    func `an answer is evidence about its receiver, or about the message alone`(
        status: Int, retryAfter: Int?, evidence: ReceiverEvidence
    ) async throws {
        let result = TransferResult(code: .ok, status: status, uploadedBytes: 9, retryAfterSeconds: retryAfter)
        let settlement = classifier.settlement(of: AttemptResult(result), try await claim(), terms: terms, at: now)
        #expect(settlement.evidence == evidence)
    }

    @Test func `503 with Retry-After is a refusal, without it nobody knows`() async throws {
        let claim = try await claim()
        let asked = classifier.settlement(
            of: AttemptResult(TransferResult(code: .ok, status: 503, retryAfterSeconds: 60)), claim, terms: terms,
            at: now)
        #expect(asked.outcome == .rejected)
        let unasked = classifier.settlement(
            of: AttemptResult(TransferResult(code: .ok, status: 503)), claim, terms: terms, at: now)
        #expect(unasked.outcome == .unknown)
    }

    @Test func `delays vary`() {
        let jittered = RetrySchedule()
        for _ in 0..<100 {
            #expect((240...360).contains(jittered.delay(afterFailures: 7).seconds))
            #expect((800...1_200).contains(jittered.drawJitter()))
        }
    }
}
